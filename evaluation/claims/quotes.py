"""The sentences of the paper that claims are read from, word for word, each with its place."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Quote:
    """A sentence of the paper.

    Attributes:
        section: of the paper, or its appendix.
        paragraph: of the section; formulas, figures and lists are none of their own.
        text: word for word, formulas in plain signs.
    """

    section: str
    paragraph: int
    text: str

    @property
    def place(self) -> str:
        """Where it stands, as `3.1, paragraph 5`."""
        return f"{self.section}, paragraph {self.paragraph}"


BATCH_TRAINING = Quote(
    "3.1",
    5,
    "The results indicate that batch sizes of 20 or 40 yield the lowest errors for Dataset 1, "
    "whereas a batch size of 128 performs best for both Dataset 2 and Dataset 3.",
)
VALIDATION = Quote(
    "3.1",
    5,
    "Since the validation errors closely track the training errors, only the latter are reported "
    "here.",
)
BATCH_PREDICTION_400 = Quote(
    "3.1",
    6,
    "Among the tested batch sizes (20, 40, and 128), a batch size of 40 yields the most accurate "
    "predictions with the least uncertainty across all tested composites, particularly for the 11, "
    "22, and 12 directions.",
)
BATCH_PREDICTION_1024 = Quote(
    "A",
    1,
    "Among the three configurations, a batch size of 128 yields more accurate predictions with "
    "lower uncertainty across all tested composite materials, especially in the 11, 22, and 12 "
    "directions, consistent with the corresponding training mean relative errors shown in "
    "Fig. 7(b).",
)
BATCH_PREDICTION_2048 = Quote(
    "B",
    1,
    "Among the these configurations, a batch size of 128 yields more accurate predictions with "
    "lower uncertainty across all tested composite materials, especially in the 11, 22, and 12 "
    "directions, consistent with the corresponding training mean relative errors shown in "
    "Fig. 7(c).",
)
DATA_SIZE = Quote(
    "3.1",
    7,
    "Overall, the results indicate that increasing the training data size leads to improved "
    "prediction accuracy and reduced uncertainty.",
)
ETA_ERROR = Quote(
    "3.2",
    2,
    "Fig. 12(a) shows that smaller values of η generally yield lower prediction errors, as "
    "measured by the metric defined in Eq. (32), with the minimum prediction error occurring at "
    "η = 1.",
)
ETA_COST = Quote(
    "3.2",
    2,
    "As shown in Fig. 12(c)-(d), both the number of iterations required for convergence and the "
    "number of active base nodes decrease slightly as η increases.",
)
ETA_TIME = Quote(
    "3.2",
    2,
    "As a result, the online testing time, shown in Fig. 12(b), exhibits a modest reduction with "
    "increasing η.",
)
ETA_LIMITED = Quote(
    "3.2",
    2,
    "These results suggest that η has a relatively limited effect on the number of active base "
    "nodes, which reflects the network's complexity and, consequently, its online computational "
    "efficiency.",
)
ETA_TOO_LARGE = Quote(
    "3.2",
    2,
    "However, excessively large values of η lead to an imbalanced contribution of the "
    "regularization term to the total loss, resulting in degraded model performance (Fig. 12(a)).",
)
XI_ERROR = Quote(
    "3.2",
    3,
    "Fig. 13(a) shows that the prediction error initially decreases and then increases as ξ grows, "
    "reaching a minimum at ξ = 1.",
)
XI_COST = Quote(
    "3.2",
    3,
    "As shown in Fig. 13(b), the online testing time increases with ξ, which can be attributed to "
    "both the increasing number of active base nodes (Fig. 13(d)) and more online iterations "
    "required for convergence (Fig. 13(c)).",
)
XI_TOO_SMALL = Quote(
    "3.2",
    4,
    "Conversely, when ξ is too small, the network contains too few active base nodes to adequately "
    "capture essential microstructural interactions and homogenization behavior, leading to "
    "degraded prediction accuracy.",
)
TRAINING_DEPTH = Quote(
    "3.3",
    1,
    "For both models, deeper networks generally converge to lower training errors.",
)
TRAINING_KINDS = Quote(
    "3.3",
    1,
    "It is observed that IMN achieves lower errors than DMN for network depths N ≥ 6.",
)
TRAINING_TIME = Quote(
    "3.3",
    2,
    "Compared with DMN, IMN achieves a 3.4× - 4.7× speed-up in offline training.",
)
RESIDUAL_ACCURACY = Quote(
    "3.4",
    2,
    "Fig. 15(a) shows that including the residual stress term has no significant effect on "
    "prediction accuracy, as measured by the metric defined in Eq. (32).",
)
RESIDUAL_TIME = Quote(
    "3.4",
    2,
    "As shown in Fig. 15(b), the online scheme that incorporates the residual stress requires less "
    "computational time during online testing, achieving an average speed-up of 1.8× - 2.0×.",
)
RESIDUAL_ITERATIONS = Quote(
    "3.4",
    2,
    "Moreover, Fig. 15(c) shows that this scheme converges in significantly fewer iterations, "
    "owing to the correction effects of the residual stress term.",
)
RESIDUAL_COST = Quote(
    "3.4",
    3,
    "This metric reflects the intrinsic computational complexity of forward and backward passes "
    "and shows that the online scheme with residual stress incurs a higher per-iteration per-node "
    "cost, around 1.3× - 1.5× that of the scheme without residual stress, due to the additional "
    "computations associated with the residual stress term.",
)
NEWTON_ACCURACY = Quote(
    "3.5",
    2,
    "Fig. 16(a) shows that the two online schemes achieve comparable prediction accuracy, as "
    "measured by the mean relative error defined in Eq. (32).",
)
NEWTON_TIME = Quote(
    "3.5",
    2,
    "As shown in Fig. 16(b), the Newton iteration scheme requires less computational time during "
    "online testing, achieving an average speed-up of 1.9× - 2.6×.",
)
NEWTON_ITERATIONS = Quote(
    "3.5",
    2,
    "In addition, Fig. 16(c) shows that the Newton iteration scheme requires fewer iterations to "
    "converge, owing to its more accurate search directions obtained from the Jacobian.",
)
NEWTON_COST = Quote(
    "3.5",
    3,
    "This metric reflects the intrinsic computational complexity of the forward and backward "
    "passes for the two online algorithms and shows that the Newton iteration scheme is more "
    "efficient, achieving an average speed-up of 1.7× - 2.4× per iteration per node.",
)
ERROR_KINDS = Quote(
    "3.6",
    2,
    "Fig. 17(a) shows that both models achieve comparable prediction accuracy (Eq. (32)) when the "
    "network depth exceeds six layers, whereas DMN exhibits higher accuracy in shallower networks.",
)
SPREAD_DEPTH = Quote(
    "3.6",
    2,
    "In general, prediction uncertainty decreases with increasing network depth.",
)
ONLINE_TIME = Quote(
    "3.6",
    2,
    "Fig. 17(b) shows that the online testing times of both models increase with network depth and "
    "remain comparable across all configurations.",
)
ITERATIONS_KINDS = Quote(
    "3.6",
    3,
    "As shown in Fig. 17(c), DMN requires significantly fewer online iterations to converge "
    "(0.4× - 0.5× those of IMN), owing to the residual stress in its online algorithm (see "
    "Sections 2.1.2 and 3.4).",
)
ITERATIONS_DEPTH = Quote(
    "3.6",
    3,
    "The iteration counts for both DMN and IMN are relatively insensitive to network depth, though "
    "DMN exhibits slightly greater variability.",
)
NODES = Quote(
    "3.6",
    3,
    "Fig. 17(d) shows that the number of active base nodes increases with network depth for both "
    "models, with comparable values for each depth.",
)
COST_KINDS = Quote(
    "3.6",
    4,
    "The results show that IMN is more efficient, achieving a speed-up of 1.9× - 2.4× per "
    "iteration per node.",
)
