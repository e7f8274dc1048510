{# The search for equilibrium is that of evaluation/online (equilibrium.py, loops.py, schemes/tree_newton.py),
   written a second time. It runs in the thread of a finite-element code, for one point under strain control,
   without libraries and without allocating memory. The loops in Python run through tiles of points, by any
   scheme and control, on arrays. What both compute is written once: the formulas of a block are written out
   into this file, as functions in C, and the limits of the search come from evaluation/online/limits.py.
   Tests compare both. -#}
/* ---- A network --------------------------------------------------------------------------- */

enum { NODES = {{ most_nodes }}, BLOCKS = {{ [most_nodes - 1, 1] | max }} };
enum { LAWS = {{ phases | length }} };
enum { ANSWER = {{ answer }}, JUMP = 21 }; /* numbers of a block: tangent and stress; matrix of its jump */

/* Numbers of a base node: tangent, stress, strain, duration, internal variables before and after the
   step, and what the law's own search keeps. */
enum {
    STRESS = {{ layout.STRESS }}, STRAIN = {{ layout.STRAIN }}, DURATION = {{ layout.DURATION }}, STATE = {{ layout.STATE }}, WIDTH = {{ width }}
};

/* A tree of laminates: base nodes first, then blocks from the bottom up; the last is the top. */
typedef struct {
    int nodes;                     /* base nodes */
    const double *weights;         /* of the base nodes, of sum 1 */
    const int *phases;             /* {% for phase in phases %}{{ phase.number }} {{ phase.name }}, {% endfor %}LAWS a void */
    const int (*children)[2];      /* of the blocks */
    const double (*blocks)[4];     /* fraction of the first child, and normal */
    const double (*rotations)[36]; /* of the materials of the base nodes, or NULL */
} network;

typedef struct {
    double tiles[NODES][WIDTH];          /* of the base nodes */
    double blocks[BLOCKS][ANSWER];       /* tangents and stresses of the blocks */
    double matrices[BLOCKS][JUMP];       /* jumps by the strain of the block, see condense */
    double changes[NODES + BLOCKS][6];   /* of the strains in an iteration */
    double jump_changes[BLOCKS][3];
    double jumps[BLOCKS][3], last_jumps[BLOCKS][3];
    double last[NODES][6];               /* strains of the base nodes at the last equilibrium */
    double strain[6], last_strain[6];    /* of the top */
    double step[6];                      /* of the strain of the top in an iteration */
    double stress[6];                    /* of the top */
    double sizes[NODES][6];              /* of stresses, by which the balance is judged */
    int steps;                           /* in which the last increment was made */
    const double *constants[NODES];
{% if most_turned %}
    double turned[NODES][{{ most_turned }}];
{% endif %}
} work;

static double *answer_of(const network *net, work *w, int node)
{
    return node < net->nodes ? w->tiles[node] : w->blocks[node - net->nodes];
}

/* Stresses and tangents of the base nodes. */
static void answer(const network *net, work *w)
{
    for (int node = 0; node < net->nodes; node++) {
        switch (net->phases[node]) {
{% for phase in phases %}
        case {{ phase.number }}:
            {{ phase.word }}_respond(w->constants[node], w->tiles[node]);
            break;
{% endfor %}
        }
    }
}

/* Up the tree: tangents and stresses of the blocks. */
static void condense_all(const network *net, work *w)
{
    for (int block = 0; block < net->nodes - 1; block++) {
        const int *children = net->children[block];
        condense(net->blocks[block], answer_of(net, w, children[0]), answer_of(net, w, children[1]),
            w->blocks[block], w->matrices[block]);
    }
}

/* The upper triangle of a symmetric matrix, by rows. */
static const int place[6][6] = {
{{ place | rows }}
};

{% if not whole %}
/* Tangent of the top. */
static void find_tangent(const network *net, work *w, double tangent[36])
{
    condense_all(net, w);
    for (int i = 0; i < 6; i++)
        for (int j = 0; j < 6; j++)
            tangent[6 * i + j] = answer_of(net, w, 2 * net->nodes - 2)[place[i][j]];
}
{% else %}
/* Tangent of the top, from those of the base nodes with their skew parts. */
static void find_tangent(const network *net, work *w, double tangent[36])
{
    static const int rows[{{ layout.SKEW | length }}] = { {{ layout.SKEW | map("first") | join(", ") }} };
    static const int columns[{{ layout.SKEW | length }}] = { {{ layout.SKEW | map("last") | join(", ") }} };
    static const int skews[] = { {{ phases | map(attribute="recorded.skew") | join(", ") }}, -1 };
    double whole[NODES + BLOCKS][36];
    for (int node = 0; node < net->nodes; node++) {
        const int first = skews[net->phases[node]];
        for (int i = 0; i < 6; i++)
            for (int j = 0; j < 6; j++)
                whole[node][6 * i + j] = w->tiles[node][place[i][j]];
        for (int q = 0; q < {{ layout.SKEW | length }} && first >= 0; q++) {
            whole[node][6 * rows[q] + columns[q]] += w->tiles[node][first + q];
            whole[node][6 * columns[q] + rows[q]] -= w->tiles[node][first + q];
        }
    }
    for (int block = 0; block < net->nodes - 1; block++) {
        const int *children = net->children[block];
        condense_tangent(net->blocks[block], whole[children[0]], whole[children[1]],
            whole[net->nodes + block]);
    }
    memcpy(tangent, whole[2 * net->nodes - 2], sizeof whole[0]);
}
{% endif %}

/* Down the tree: changes of all strains and jumps from that of the top. */
static void localise_all(const network *net, work *w)
{
    const int n = net->nodes;
    for (int i = 0; i < 6; i++)
        w->changes[2 * n - 2][i] = w->step[i];
    for (int block = n - 2; block >= 0; block--) {
        const int *children = net->children[block];
        localise(net->blocks[block], w->matrices[block], w->changes[n + block],
            w->jump_changes[block], w->changes[children[0]], w->changes[children[1]]);
    }
}

/* Back to the last equilibrium. */
static void restart(const network *net, work *w)
{
    memcpy(w->strain, w->last_strain, sizeof w->strain);
    memcpy(w->jumps, w->last_jumps, sizeof w->jumps);
    for (int node = 0; node < net->nodes; node++)
        memcpy(w->tiles[node] + STRAIN, w->last[node], sizeof w->last[node]);
    answer(net, w);
}

/* The largest stiffness of a base node: of the diagonal of its tangent. */
static double stiffness_of(const double *tile)
{
    double largest = 0;
    for (int i = 0; i < 6; i++)
        largest = fmax(largest, tile[place[i][i]]);
    return largest;
}

/* Sizes of the stresses at the last equilibrium, where the base nodes must be, and of what its
   strains can be resolved to. */
static void find_sizes(const network *net, work *w)
{
    double stiffest = 0, largest = 0, resolved;
    for (int node = 0; node < net->nodes; node++) {
        stiffest = fmax(stiffest, stiffness_of(w->tiles[node]));
        for (int i = 0; i < 6 && net->phases[node] < LAWS; i++)
            largest = fmax(largest, fabs(w->last[node][i]));
    }
    resolved = {{ limits.RESOLUTION }} / {{ limits.BALANCED }} * stiffest * largest;
    for (int node = 0; node < net->nodes; node++)
        for (int i = 0; i < 6; i++)
            w->sizes[node][i] = fabs(w->tiles[node][STRESS + i]) + resolved;
}

/* Raise the stiffnesses of the base nodes a little: where a phase flows without hardening, Newton's
   step may lead to infinity. */
static void stiffen(const network *net, work *w, double share)
{
    for (int node = 0; node < net->nodes; node++) {
        const double largest = stiffness_of(w->tiles[node]);
        for (int i = 0; i < 6; i++)
            w->tiles[node][place[i][i]] += share * largest;
    }
}

/* Move the strains and jumps by a share of the step. */
static void shift(const network *net, work *w, double share)
{
    for (int i = 0; i < 6; i++)
        w->strain[i] += share * w->step[i];
    for (int block = 0; block < net->nodes - 1; block++)
        for (int i = 0; i < 3; i++)
            w->jumps[block][i] += share * w->jump_changes[block][i];
    for (int node = 0; node < net->nodes; node++)
        for (int i = 0; i < 6; i++)
            w->tiles[node][STRAIN + i] += share * w->changes[node][i];
}

/* Take the whole step; returns the change of the strains over that since the last equilibrium, zero
   for rounding: of the strains, or of the stresses. Those of voids do not count. */
static double move(const network *net, work *w)
{
    const double rounding = {{ limits.ROUNDING }}, resolution = {{ limits.RESOLUTION }};
    double change = 0, increment = 0, size = 0, stress = 0, stiffest = 0;
    shift(net, w, 1);
    for (int node = 0; node < net->nodes; node++) {
        const double *strain = w->tiles[node] + STRAIN, *last = w->last[node];
        const double stiffness = stiffness_of(w->tiles[node]);
        double own = 0;
        for (int i = 0; i < 6 && net->phases[node] < LAWS; i++) {
            const double step = w->changes[node][i], grown = strain[i] - last[i];
            own += step * step;
            increment += grown * grown;
            size += strain[i] * strain[i] + last[i] * last[i];
        }
        change += own;
        stress += stiffness * stiffness * own;
        stiffest = fmax(stiffest, stiffness);
    }
    if (!isfinite(change + increment + size + stress))
        return NAN;
    if (change <= rounding * rounding * size
        || stress <= resolution * stiffest * resolution * stiffest * size)
        return 0;
    return sqrt(change / increment);
}

/* Derivative of the potential by the length of the step. */
static double slope_of(const network *net, const work *w)
{
    double slope = 0;
    for (int node = 0; node < net->nodes; node++)
        for (int i = 0; i < 6; i++)
            slope += net->weights[node] * w->tiles[node][STRESS + i] * w->changes[node][i];
    return slope;
}

/* Shorten a step that went beyond the minimum of the potential, until the slope is small enough. */
static void shorten(const network *net, work *w, double before)
{
    double length = 1, low = 0, high = 1, slope = slope_of(net, w), at_low = before, at_high = slope;
    for (int trial = 0; trial < {{ limits.TRIALS }} && before < 0; trial++) {
        const int beyond = !(slope <= -{{ limits.SLACK }} * before);
        double share, moved;
        if (!beyond && !(length < 1 && slope < {{ limits.SLACK }} * before))
            return;
        share = at_low / (at_low - at_high);
        share = isfinite(share) ? fmin(0.9, fmax(0.1, share)) : 0.5;
        moved = low + share * (high - low) - length;
        if (moved == 0)
            return;
        length += moved;
        shift(net, w, moved);
        answer(net, w);
        slope = slope_of(net, w);
        if (slope < 0)
            low = length, at_low = slope;
        else
            high = length, at_high = slope;
    }
}

/* Norm of the jumps of the tractions over that of the tractions, at their largest. */
static double traction_defect(const network *net, const work *w)
{
    double means[NODES + BLOCKS][12], jump = 0, traction = 0;
    for (int node = 0; node < net->nodes; node++)
        for (int i = 0; i < 6; i++) {
            means[node][i] = w->tiles[node][STRESS + i];
            means[node][6 + i] = fmax(fabs(means[node][i]), w->sizes[node][i]);
        }
    for (int block = 0; block < net->nodes - 1; block++) {
        const int *children = net->children[block];
        compare_tractions(net->blocks[block], means[children[0]], means[children[1]],
            means[net->nodes + block], &jump, &traction);
    }
    return traction > 0 ? sqrt(jump / traction) : 0;
}

/* Iterate to equilibrium under a strain of the top; returns whether it was found. */
static int equilibrium(const network *net, work *w, const double target[6])
{
    const double balanced = {{ [tolerance, limits.BALANCED] | max }};
    int arrived = 0;
    restart(net, w);
    find_sizes(net, w);
    for (int iteration = 1; iteration <= {{ max_iterations }}; iteration++) {
        const int damped = iteration > {{ limits.PLAIN_ITERATIONS }};
        double before = 0, moved;
        if (iteration == {{ limits.PLAIN_ITERATIONS }} + 1)
            restart(net, w);
        if (damped)
            stiffen(net, w,
                {{ limits.STIFFENING }} * pow({{ limits.FADING }}, iteration - {{ limits.PLAIN_ITERATIONS }}));
        condense_all(net, w);
        for (int i = 0; i < 6; i++)
            w->step[i] = target[i] - w->strain[i];
        localise_all(net, w);
        if (damped)
            before = slope_of(net, w);
        moved = move(net, w);
        answer(net, w);
        if (damped)
            shorten(net, w, before);
        arrived = moved <= {{ tolerance }}{% if hollow %} && traction_defect(net, w) <= balanced{% endif %};
        if (arrived || !isfinite(moved))
            break;
    }
    for (int i = 0; i < 6; i++) {
        w->stress[i] = 0;
        for (int node = 0; node < net->nodes; node++)
            w->stress[i] += net->weights[node] * w->tiles[node][STRESS + i];
        arrived = arrived && isfinite(w->stress[i]);
    }
    return arrived && traction_defect(net, w) <= balanced;
}

static int state_size_of(const network *net, int node)
{
    static const int sizes[] = { {% for phase in phases %}{{ phase.law.state.values() | sum }}, {% endfor %}0 };
    return sizes[net->phases[node]];
}

/* Make the equilibrium the last one. */
static void accept(const network *net, work *w)
{
    memcpy(w->last_strain, w->strain, sizeof w->strain);
    memcpy(w->last_jumps, w->jumps, sizeof w->jumps);
    for (int node = 0; node < net->nodes; node++) {
        const int size = state_size_of(net, node);
        memcpy(w->last[node], w->tiles[node] + STRAIN, sizeof w->last[node]);
        memcpy(w->tiles[node] + STATE, w->tiles[node] + STATE + size, size * sizeof(double));
    }
}

/* Follow the network to a strain of the top; steps without equilibrium are halved. */
static int advance(const network *net, work *w, const double end[6], double duration)
{
    double begin[6], target[6], reached = 0, step = 1;
    memcpy(begin, w->last_strain, sizeof begin);
    w->steps = 0;
    while (reached < 1) {
        for (int i = 0; i < 6; i++)
            target[i] = begin[i] + (reached + step) * (end[i] - begin[i]);
        for (int node = 0; node < net->nodes; node++)
            w->tiles[node][DURATION] = step * duration;
        if (equilibrium(net, w, target)) {
            accept(net, w);
            reached += step;
            w->steps++;
        } else if ((step /= 2) < pow(0.5, {{ limits.HALVINGS }})) {
            return 0;
        }
    }
    return 1;
}

{% if shown %}
/* Mean of an internal variable over the base nodes of a phase. */
static double mean_of(const network *net, const work *w, int phase, int variable)
{
    double sum = 0, weight = 0;
    for (int node = 0; node < net->nodes; node++) {
        if (net->phases[node] == phase) {
            sum += net->weights[node] * w->tiles[node][STATE + variable];
            weight += net->weights[node];
        }
    }
    return weight > 0 ? sum / weight : 0;
}

{% endif %}
/* The state of a network: strain of the top, jumps of the blocks, internal variables. */
static const double *load(const network *net, work *w, const double *state)
{
    double strains[NODES + BLOCKS][6];
    const int n = net->nodes;
    memcpy(w->last_strain, state, sizeof w->last_strain);
    memcpy(strains[2 * n - 2], state, sizeof strains[0]);
    state += 6;
    for (int block = n - 2; block >= 0; block--) {
        const int *children = net->children[block];
        memcpy(w->last_jumps[block], state + 3 * block, sizeof w->last_jumps[block]);
        split(net->blocks[block], w->last_jumps[block], strains[n + block], strains[children[0]],
            strains[children[1]]);
    }
    state += 3 * (n - 1);
    memcpy(w->last, strains, n * sizeof strains[0]);
    for (int node = 0; node < n; node++) {
        const int size = state_size_of(net, node);
        memcpy(w->tiles[node] + STATE, state, size * sizeof(double));
        state += size;
    }
    return state;
}

static double *save(const network *net, const work *w, double *state)
{
    const int n = net->nodes;
    memcpy(state, w->last_strain, sizeof w->last_strain);
    state += 6;
    memcpy(state, w->last_jumps, (n - 1) * sizeof w->last_jumps[0]);
    state += 3 * (n - 1);
    for (int node = 0; node < n; node++) {
        const int size = state_size_of(net, node);
        memcpy(state, w->tiles[node] + STATE, size * sizeof(double));
        state += size;
    }
    return state;
}

{% if most_turned %}
static const double identity[36] = { [0] = 1, [7] = 1, [14] = 1, [21] = 1, [28] = 1, [35] = 1 };

{% endif %}
/* Constants of the laws of the base nodes, from those of the phases' laws{% if most_turned %}, or from their
   parameters where a base node turns its material{% endif %}. */
static void prepare(const network *net, work *w, const double *const constants[]{% if most_turned %},
    const double *parameters{% endif %})
{
    for (int node = 0; node < net->nodes; node++) {
        const int phase = net->phases[node];
        w->constants[node] = constants[phase];
        if (phase == LAWS) /* a void bears nothing */
            memset(w->tiles[node], 0, STRAIN * sizeof(double));
{% for phase in phases if phase.turned %}
        if (phase == {{ phase.number }} && net->rotations) {
            {{ phase.word }}_constants(parameters + {{ phase.first }}, net->rotations[node],
                w->turned[node]);
            w->constants[node] = w->turned[node];
        }
{% endfor %}
    }
}
