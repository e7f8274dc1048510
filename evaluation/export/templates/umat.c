{# interface: Abaqus/Standard's UMAT, also of CalculiX and others #}

/* ---- Abaqus/Standard, and codes that call the same subroutine ----------------------------- */

{% set order = [0, 1, 2, 5, 4, 3] %}
{% include "engineering.c" %}

/* Components 11, 22, 33, 12, 13, 23, engineering shear; of plane strain and of axisymmetry the first
   four. Where the step fails the tangent is that of the virgin material, PNEWDT asks for a smaller
   increment, and nothing else is written. */
void umat_(double *stress, double *statev, double *ddsdde, double *sse, double *spd, double *scd,
    double *rpl, double *ddsddt, double *drplde, double *drpldt, const double *stran,
    const double *dstran, const double *time, const double *dtime, const double *temp,
    const double *dtemp, const double *predef, const double *dpred, const char *cmname,
    const int *ndi, const int *nshr, const int *ntens, const int *nstatv, const double *props,
    const int *nprops, const double *coords, const double *drot, double *pnewdt,
    const double *celent, const double *dfgrd0, const double *dfgrd1, const int *noel,
    const int *npt, const int *layer, const int *kspt, const int *kstep, const int *kinc)
{
    const int n = *ntens;
    double strain[6] = { 0 }, mandel[6], tangent[36];
    int status;

    (void)sse, (void)spd, (void)scd, (void)rpl, (void)ddsddt, (void)drplde, (void)drpldt;
    (void)time, (void)temp, (void)dtemp, (void)predef, (void)dpred, (void)cmname, (void)coords;
    (void)drot, (void)celent, (void)dfgrd0, (void)dfgrd1, (void)layer, (void)kspt, (void)kstep;
    if (!takes(*ndi, *nshr, n)) {
        *pnewdt = 0.25;
        return;
    }
    read_strain(n, stran, dstran, strain);
    status = {{ name }}_step(strain, *dtime, props, *nprops, statev, statev, *nstatv, mandel, tangent);
    if (status) {
        const double none[6] = { 0 };
        double virgin[{{ name | upper }}_STATE_SIZE] = { 0 };
        static const char *const reasons[] = { "", "no equilibrium of the network",
            "the strain is not finite",
            "PROPS: expected 0, 1, {{ properties | length }} or {{ properties | length + 1 }} numbers that a law may have",
            "DEPVAR: expected {{ state_size }} or more" };
        fprintf(stderr, "{{ name }}: element %d, point %d, increment %d: %s\n", *noel, *npt, *kinc,
            reasons[status]);
        *pnewdt = 0.25;
        /* CalculiX solves once more before it makes the increment smaller. */
        if ({{ name }}_step(none, 0, props, *nprops, virgin, virgin, {{ name | upper }}_STATE_SIZE, mandel,
                tangent))
            {{ name }}_step(none, 0, NULL, 0, virgin, virgin, {{ name | upper }}_STATE_SIZE, mandel, tangent);
        write_tangent(n, tangent, ddsdde);
        return;
    }
    write_stress(n, mandel, stress);
    write_tangent(n, tangent, ddsdde);
}
