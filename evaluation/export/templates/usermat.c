{# interface: Ansys Mechanical APDL's UserMat #}
/* ---- Ansys Mechanical APDL ---------------------------------------------------------------- */

{% set order = [0, 1, 2, 5, 3, 4] %}
{% include "engineering.c" %}

/* Components 11, 22, 33, 12, 23, 13, engineering shear; of plane strain and of axisymmetry the first
   four. Further arguments differ between releases and are not used. */
#ifdef _WIN32
__declspec(dllexport) void USERMAT(
#else
void usermat_(
#endif
    const int *material, const int *element, const int *point, const int *layer,
    const int *section, const int *load_step, const int *substep, int *cut, const int *direct,
    const int *shears, const int *components, const int *states, const int *count,
    const double *time, const double *duration, const double *temperature,
    const double *warming, double *stress, double *state, double *tangent,
    double *elastic_work, double *plastic_work, double *plastic_strain, const double *strain,
    const double *increment, double *plastic_strains, const double *properties,
    const double *place_of_point, const double *rotation, const double *old_gradient,
    const double *gradient, double *transverse)
{
    static const char *const reasons[] = { "", "no equilibrium of the network",
        "the strain is not finite",
        "TB,USER: expected 0, 1, {{ properties | length }} or {{ properties | length + 1 }} constants that a law may have",
        "TB,STATE: expected {{ state_size }} or more" };
    const int n = *components;
    double end[6] = { 0 }, mandel[6], stiffness[36];
    int status;

    (void)material, (void)layer, (void)section, (void)load_step, (void)time, (void)temperature;
    (void)warming, (void)elastic_work, (void)plastic_work, (void)plastic_strain;
    (void)plastic_strains, (void)place_of_point, (void)rotation, (void)old_gradient, (void)gradient;
    *cut = 0;
    if (!takes(*direct, *shears, n)) {
        *cut = 1;
        return;
    }
    read_strain(n, strain, increment, end);
    status = {{ name }}_step(
        end, *duration, properties, *count, state, state, *states, mandel, stiffness);
    if (status) {
        fprintf(stderr, "{{ name }}: element %d, point %d, substep %d: %s\n", *element, *point,
            *substep, reasons[status]);
        *cut = 1;
        return;
    }
    write_stress(n, mandel, stress);
    write_tangent(n, stiffness, tangent);
    /* For elements with reduced integration: stiffness of shears 13 and 23. */
    transverse[0] = stiffness[6 * 4 + 4] / 2;
    transverse[1] = stiffness[6 * 3 + 3] / 2;
}
