rule report:
    input:
        rules.training_table.output,
        rules.online_table.output,
        rules.timing.output,
    output:
        f"{OUT}/report.html",
    shell:
        "touch {output}"
