# Paths of one's own are always predicted.
PREDICTED = [one for one in cases if one in (*study.online.controls, loads.OWN_PATHS)]
SCHEMES = study.online.schemes
COMPARISONS = comparisons.comparisons(study)
STUDY_SETTINGS = asdict(comparisons.settings(study, loads.path_components(cases)))
ONLINE_ROWS = f"{OUT}/online/{{network}}.csv"
ONLINE_CURVES = f"{OUT}/online/{{network}}_curves.csv"


# Ten seeds share the job of a prediction.
for digits, beginnings in blocks.blocks(grid, lambda name: 10).items():

    rule:
        name:
            f"online_{digits}".rstrip("_")
        input:
            networks=in_block(NETWORK, digits),
            records=in_block(RECORD, digits),
            references=references(PREDICTED),
        output:
            rows=in_block(ONLINE_ROWS, digits),
            curves=in_block(ONLINE_CURVES, digits),
        wildcard_constraints:
            block=blocks.one_of(beginnings),
        # Before further trainings: Snakemake looks up the inputs of all jobs that are ready, again and again.
        priority: 1
        group:
            "networks"
        resources:
            mem_mb=2000,
        params:
            composites=COMPOSITES,
            paths={control: cases[control] for control in PREDICTED},
            schemes=lambda wildcards: SCHEMES[OF_BLOCK[wildcards.block].kind],
            tolerance=study.online.tolerance,
            max_iterations=study.online.max_iterations,
        message:
            f"Predicting with {{wildcards.block}}{blocks.span(digits)}"
        script:
            "../scripts/online.py"


rule online_table:
    """Errors and costs of all predictions."""
    input:
        rows=expand(ONLINE_ROWS, network=grid),
    output:
        listed("online"),
    message:
        "Collecting the predictions"
    script:
        "../scripts/concatenate.py"


rule chosen:
    """The one network to use under a short name, and what each network is for."""
    input:
        networks=expand(NETWORK, network=grid),
        records=expand(RECORD, network=grid),
        training=rules.training_table.output[0],
        online=rules.online_table.output[0],
    output:
        network=f"{OUT}/network.npz",
        record=f"{OUT}/network.json",
        table=listed("networks"),
    params:
        composites=COMPOSITES,
        control=study.online.controls[0],
        schemes={kind: names[0] for kind, names in SCHEMES.items()},
    message:
        "Choosing the network to use"
    script:
        "../scripts/chosen.py"


# Networks of a recipe, or of a study that compares none, that differ in their seed alone, for each
# kind and depth.
ENSEMBLES = [
    (recipe, ids)
    for recipe, networks_of_recipe in comparisons.averaged(study).items()
    for ids in comparisons.configurations(study).values()
    if set(ids) <= set(networks_of_recipe)
]
AVERAGED = [id for _, ids in ENSEMBLES for id in ids]


rule ensembles:
    """Means and spreads of the networks of a recipe."""
    input:
        networks=expand(NETWORK, network=AVERAGED),
        curves=expand(ONLINE_CURVES, network=AVERAGED),
        references=references(PREDICTED),
        held_out=HELD_OUT,
    output:
        listed("ensembles"),
    resources:
        runtime=30,
    params:
        groups=ENSEMBLES,
        schemes={kind: names[0] for kind, names in SCHEMES.items()},
    message:
        "Averaging networks"
    script:
        "../scripts/ensembles.py"


rule constants:
    """Engineering constants of every composite, by finite elements and by each network."""
    input:
        mesh=rules.cell.output.mesh,
        networks=expand(NETWORK, network=grid),
        records=expand(RECORD, network=grid),
        packings=expand(rules.convergence_stiffness.output, cell=PACKINGS),
    output:
        listed("constants"),
    params:
        composites=COMPOSITES,
        packings=list(PACKINGS.values()),
    message:
        "Computing the elastic constants of the composites"
    script:
        "../scripts/constants.py"


rule findings:
    """The verdict on each claim of the paper."""
    input:
        **({"timing": f"{OUT}/tables/timing.csv"} if study.timing else {}),
        **({"beside": f"{BESIDE}/findings.csv"} if BESIDE else {}),
        training=rules.training_table.output[0],
        online=rules.online_table.output[0],
    output:
        findings=listed("findings"),
        intervals=listed("intervals"),
    params:
        settings=STUDY_SETTINGS,
    message:
        "Judging the paper's claims"
    script:
        "../scripts/findings.py"
