
/* ---- Abaqus/Standard, and codes that call the same subroutine ----------------------------- */

/* Components 11, 22, 33, 12, 13, 23, engineering shear; of plane strain and of axisymmetry the first
   four. */
void umat_(double *stress, double *statev, double *ddsdde, double *sse, double *spd, double *scd,
    double *rpl, double *ddsddt, double *drplde, double *drpldt, const double *stran,
    const double *dstran, const double *time, const double *dtime, const double *temp,
    const double *dtemp, const double *predef, const double *dpred, const char *cmname,
    const int *ndi, const int *nshr, const int *ntens, const int *nstatv, const double *props,
    const int *nprops, const double *coords, const double *drot, double *pnewdt,
    const double *celent, const double *dfgrd0, const double *dfgrd1, const int *noel,
    const int *npt, const int *layer, const int *kspt, const int *kstep, const int *kinc)
{
    static const int own[6] = { 0, 1, 2, 5, 4, 3 };
    const double shear = sqrt(0.5);
    const int n = *ntens;
    double strain[6] = { 0 }, mandel[6], tangent[36];
    int status;

    (void)sse, (void)spd, (void)scd, (void)rpl, (void)ddsddt, (void)drplde, (void)drpldt;
    (void)time, (void)temp, (void)dtemp, (void)predef, (void)dpred, (void)cmname, (void)coords;
    (void)drot, (void)celent, (void)dfgrd0, (void)dfgrd1, (void)layer, (void)kspt, (void)kstep;
    if (*ndi != 3 || (n != 6 && n != 4) || n != *ndi + *nshr) {
        fprintf(stderr, "{{ name }}: expected solid elements, plane strain or axisymmetry, "
            "got NDI = %d and NSHR = %d\n", *ndi, *nshr);
        *pnewdt = 0.25;
        return;
    }
    for (int i = 0; i < n; i++)
        strain[own[i]] = (stran[i] + dstran[i]) * (i < 3 ? 1 : shear);
    status = {{ name }}_step(strain, *dtime, props, *nprops, statev, statev, *nstatv, mandel, tangent);
    if (status) {
        static const char *const reasons[] = { "", "no equilibrium of the network",
            "the strain is not finite", "PROPS: expected 0, 1, {{ properties | length }} or {{ properties | length + 1 }} finite numbers",
            "DEPVAR: expected {{ state_size }} or more" };
        fprintf(stderr, "{{ name }}: element %d, point %d, increment %d: %s\n", *noel, *npt, *kinc,
            reasons[status]);
        *pnewdt = 0.25;
        return;
    }
    for (int i = 0; i < n; i++) {
        stress[i] = mandel[own[i]] * (i < 3 ? 1 : shear);
        for (int j = 0; j < n; j++)
            ddsdde[i + n * j] = tangent[6 * own[i] + own[j]] * (i < 3 ? 1 : shear) * (j < 3 ? 1 : shear);
    }
}
