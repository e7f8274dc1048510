/* Place of the caller's components among those of {{ name }}_step; shears there are times sqrt 2. */
static const int order[6] = { {{ order | join(", ") }} };

/* Whether these are the components of solids, plane strain or axisymmetry; says so if not. */
static int takes(int direct, int shears, int components)
{
    if (direct == 3 && (components == 6 || components == 4) && components == direct + shears)
        return 1;
    fprintf(stderr, "{{ name }}: expected solid elements, plane strain or axisymmetry, "
        "got %d direct and %d shear components\n", direct, shears);
    return 0;
}

/* Strain at the end of an increment, in Mandel form, from engineering shears. */
static void read_strain(int n, const double *begin, const double *increment, double strain[6])
{
    for (int i = 0; i < n; i++)
        strain[order[i]] = (begin[i] + increment[i]) * (i < 3 ? 1 : sqrt(0.5));
}

static void write_stress(int n, const double mandel[6], double *stress)
{
    for (int i = 0; i < n; i++)
        stress[i] = mandel[order[i]] * (i < 3 ? 1 : sqrt(0.5));
}

static void write_tangent(int n, const double mandel[36], double *tangent)
{
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            tangent[i + n * j] = mandel[6 * order[i] + order[j]] * (i < 3 ? 1 : sqrt(0.5))
                * (j < 3 ? 1 : sqrt(0.5));
}
