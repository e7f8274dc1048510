{# interface: MFront's generic behaviour, for codes with MGIS: code_aster, OpenGeoSys, FEniCS #}
/* ---- MFront's generic behaviour, which MGIS loads ------------------------------------------ */

/* Components 11, 22, 33, 12, 13, 23, shears times the square root of 2; in two dimensions the first
   four. The layout of these structures is that of MGIS 1.2.1 and later. */

typedef struct {
    const double *strain;
    const double *stress;
    const double *density;
    const double *properties; /* angle of the ply, degrees */
    const double *state;
    const double *stored_energy;
    const double *dissipated_energy;
    const double *external;
} mfront_begin;

typedef struct {
    const double *strain;
    double *stress;
    const double *density;
    const double *properties;
    double *state;
    double *stored_energy;
    double *dissipated_energy;
    const double *external;
} mfront_end;

typedef struct {
    char *message;      /* of 512 characters, or NULL */
    double duration;
    double *stiffness;  /* the first entry tells what is wanted */
    double *step_factor; /* by which the next increment may be longer, or NULL */
    double *speed_of_sound;
    mfront_begin begin;
    mfront_end end;
} mfront_point;

static int mfront_failed(const mfront_point *point, const char *reason)
{
    if (point->message)
        snprintf(point->message, 512, "{{ name }}: %s", reason);
    if (point->step_factor)
        *point->step_factor = 0.25;
    return -1;
}

/* What is wanted: 0 stress and state; 1 and 2 the elastic stiffness with them, 3 and 4 the tangent.
   Negative: this stiffness alone, at the begin of the increment. */
static int mfront_respond(const mfront_point *point, int n)
{
    enum { SIZE = {{ name | upper }}_STATE_SIZE };
    static const int own[6] = { 0, 1, 2, 5, 4, 3 };
    static const char *const reasons[] = { "", "no equilibrium of the network",
        "the strain is not finite", "the angle of the ply is not finite" };
    static const double virgin[SIZE], unstrained[6];
    const double wanted = point->stiffness[0], *angle = point->end.properties;
    const int alone = wanted < -0.25, elastic = fabs(wanted) > 0.25 && fabs(wanted) < 2.5;
    const double *given = alone ? point->begin.strain : point->end.strain;
    double strain[6] = { 0 }, stress[6], tangent[36], stiffness[36], passed[SIZE];
    int status = 0;

    if (wanted > 50)
        return mfront_failed(point, "the speed of sound is not computed");
    for (int i = 0; i < n; i++)
        strain[own[i]] = given[i];
    if (elastic)
        status = {{ name }}_step(unstrained, 0, angle, 1, virgin, passed, SIZE, stress, stiffness);
    if (!status && !(elastic && alone))
        status = {{ name }}_step(strain, point->duration, angle, 1, point->begin.state,
            alone ? passed : point->end.state, SIZE, stress, elastic ? tangent : stiffness);
    if (status)
        return mfront_failed(point, reasons[status]);
    for (int i = 0; i < n; i++) {
        if (!alone)
            point->end.stress[i] = stress[own[i]];
        for (int j = 0; j < n && fabs(wanted) > 0.25; j++)
            point->stiffness[n * i + j] = stiffness[6 * own[i] + own[j]];
    }
    return 1;
}

/* A strain or stress in other axes, whose unit vectors are the columns of a matrix; or back. */
static void mfront_turn(double *turned, const double *given, int stride, const double *axes, int n,
    int back)
{
    static const int first[6] = { 0, 1, 2, 0, 0, 1 }, second[6] = { 0, 1, 2, 1, 2, 2 };
    double tensor[3][3] = { { 0 } };
    for (int i = 0; i < n; i++) {
        const double component = given[stride * i] * (i < 3 ? 1 : sqrt(0.5));
        tensor[first[i]][second[i]] = tensor[second[i]][first[i]] = component;
    }
    for (int i = 0; i < n; i++) {
        double sum = 0;
        for (int j = 0; j < 3; j++)
            for (int k = 0; k < 3; k++)
                sum += tensor[j][k] * (back ? axes[3 * first[i] + j] * axes[3 * second[i] + k]
                                            : axes[3 * j + first[i]] * axes[3 * k + second[i]]);
        turned[stride * i] = sum * (i < 3 ? 1 : sqrt(2.0));
    }
}

static void mfront_turn_stiffness(double *turned, const double *given, const double *axes, int n)
{
    for (int i = 0; i < n; i++)
        mfront_turn(turned + n * i, given + n * i, 1, axes, n, 1);
    for (int i = 0; i < n; i++)
        mfront_turn(turned + i, turned + i, n, axes, n, 1);
}

{% for hypothesis, n in [("Tridimensional", 6), ("PlaneStrain", 4), ("Axisymmetrical", 4)] %}
{% set law = name ~ "_" ~ hypothesis %}
int {{ law }}(mfront_point *point)
{
    return mfront_respond(point, {{ n }});
}

{% set rotations = [
    ("Gradients", "mfront_turn", n, "1, axes, %d, 0" % n),
    ("ThermodynamicForces", "mfront_turn", n, "1, axes, %d, 1" % n),
    ("TangentOperatorBlocks", "mfront_turn_stiffness", n * n, "axes, %d" % n)] %}
/* Strains from the axes of the code to those of the material; stresses and stiffnesses back. */
{% for what, function, size, options in rotations %}
void {{ law }}_rotateArrayOf{{ what }}(
    double *turned, const double *given, const double *axes, size_t points)
{
    for (size_t i = 0; i < points; i++)
        {{ function }}(turned + {{ size }} * i, given + {{ size }} * i, {{ options }});
}

{% endfor %}
{% for what, _, _, _ in rotations %}
void {{ law }}_rotate{{ what }}(
    double *turned, const double *given, const double *axes)
{
    {{ law }}_rotateArrayOf{{ what }}(turned, given, axes, 1);
}

{% endfor %}
{% endfor %}
/* What MGIS asks before it calls: a law of small strains, orthotropic, without temperature. */
{% for symbol, number in [
    ("api_version", 1), ("mfront_mkt", 1), ("BehaviourType", 1), ("BehaviourKinematic", 1),
    ("SymmetryType", 1), ("ElasticSymmetryType", 1), ("UsableInPurelyImplicitResolution", 0),
    ("requiresStiffnessTensor", 0), ("requiresThermalExpansionCoefficientTensor", 0),
    ("TemperatureRemovedFromExternalStateVariables", 0), ("ComputesInternalEnergy", 0),
    ("ComputesDissipatedEnergy", 0), ("nModellingHypotheses", 3), ("nMainVariables", 1),
    ("nGradients", 1), ("nThermodynamicForces", 1), ("nTangentOperatorBlocks", 2),
    ("nMaterialProperties", 1), ("nInternalStateVariables", state_size),
    ("nExternalStateVariables", 0), ("nParameters", 0), ("nInitializeFunctions", 0),
    ("nPostProcessings", 0)] %}
const unsigned short {{ name }}_{{ symbol }} = {{ number }};
{% endfor %}
{% for symbol, text in [("mfront_interface", "Generic"), ("src", name ~ ".c"), ("unit_system", "SI" if unit == "Pa" else "")] %}
const char *const {{ name }}_{{ symbol }} = "{{ text }}";
{% endfor %}
{% for symbol, texts in [
    ("ModellingHypotheses", ["Tridimensional", "PlaneStrain", "Axisymmetrical"]),
    ("Gradients", ["Strain"]), ("ThermodynamicForces", ["Stress"]),
    ("TangentOperatorBlocks", ["Stress", "Strain"]), ("MaterialProperties", ["PlyAngle"])] %}
const char *const {{ name }}_{{ symbol }}[] = {
    "{{ texts | join('", "') }}"
};
{% endfor %}
{% for symbol, number in [("GradientsTypes", 1), ("ThermodynamicForcesTypes", 1), ("ExternalStateVariablesTypes", 0), ("ParametersTypes", 0)] %}
const int {{ name }}_{{ symbol }}[] = { {{ number }} };
{% endfor %}
/* One number each, as any version of MGIS and any code can read them. */
const int {{ name }}_InternalStateVariablesTypes[{{ state_size }}] = { 0 };
const char *const {{ name }}_InternalStateVariables[{{ state_size }}] = {
{% for phase, variable in shown %}
    "p_{{ phases[phase].word }}",
{% endfor %}
    "steps",
{% for numbers in range(shown | length + 1, state_size) | batch(7) %}
    "state_{{ numbers | join('", "state_') }}",
{% endfor %}
};
