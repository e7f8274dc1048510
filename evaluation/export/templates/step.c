/* ---- The step ---------------------------------------------------------------------------- */

/* Parameters of the laws: those of the export in GPa, and the factors of those of the caller. */
static const double defaults[{{ properties | length }}] = {
{% for property in properties %}
    {{ property.number }}, /* {{ property.phase }}: {{ property.description }}, {{ property.base_unit }} */
{% endfor %}
};
static const double factors[{{ properties | length }}] = {
    {{ properties | map(attribute="factor") | join(", ") }}
};

/* Between what they have to lie. */
static const double ranges[{{ properties | length }}][2] = {
{{ properties | map(attribute="range") | rows }}
};

int {{ name }}_step(const double strain[6], double duration, const double *properties, int count,
    const double *old_state, double *new_state, int state_size, double stress[6],
    double tangent[36])
{
    enum {
        PROPERTIES = {{ properties | length }}, STATE_SIZE = {{ state_size }}, NETWORKS = {{ networks | length }}
    };
    const double unit = {{ stress_factor }}; /* {{ unit }} in a GPa */
    double parameters[PROPERTIES], constants[{{ phases | length }}][{{ most_constants }}];
    double angle = 0, circle[2], turn[36];
    const double *const laws[] = {
        {% for phase in phases %}constants[{{ phase.number }}], {% endfor %}NULL
    };
    double own[6], mean[6] = { 0 }, stiffness[6][6] = { { 0 } }, half[6][6];
    double fresh[STATE_SIZE] = { 0 };
    const double *state = old_state + {{ shown | length + 1 }};
    double *next = fresh + {{ shown | length + 1 }};

    if (state_size < STATE_SIZE)
        return {{ name | upper }}_STATE_TOO_SMALL;
    for (int i = 0; i < 6; i++)
        if (!isfinite(strain[i]))
            return {{ name | upper }}_BAD_STRAIN;
    if (count != 0 && count != 1 && count != PROPERTIES && count != PROPERTIES + 1)
        return {{ name | upper }}_BAD_PROPERTIES;
    for (int i = 0; i < count; i++)
        if (!isfinite(properties[i]))
            return {{ name | upper }}_BAD_PROPERTIES;
    for (int i = 0; i < PROPERTIES; i++) {
        parameters[i] = count < PROPERTIES ? defaults[i] : factors[i] * properties[i];
        if (parameters[i] < ranges[i][0] || parameters[i] > ranges[i][1])
            return {{ name | upper }}_BAD_PROPERTIES;
    }
    if (count == 1 || count == PROPERTIES + 1)
        angle = properties[count - 1] * {{ degree }};
{% for phase in phases %}
    {{ phase.word }}_constants(
        parameters + {{ phase.first }}{% if phase.turned %}, identity{% endif %}, constants[{{ phase.number }}]);
{% endfor %}

    circle[0] = cos(angle);
    circle[1] = sin(angle);
    turn_axes(circle, turn);
    for (int i = 0; i < 6; i++) {
        own[i] = 0;
        for (int j = 0; j < 6; j++)
            own[i] += turn[6 * i + j] * strain[j];
    }
    for (int k = 0; k < NETWORKS; k++) {
        const network *net = &networks[k];
        double top[36];
        work w;
        prepare(net, &w, laws{% if most_turned %}, parameters{% endif %});
        state = load(net, &w, state);
        if (!advance(net, &w, own, duration))
            return {{ name | upper }}_NO_EQUILIBRIUM;
        next = save(net, &w, next);
        fresh[{{ shown | length }}] = fmax(fresh[{{ shown | length }}], w.steps);
{% for phase, variable in shown %}
        fresh[{{ loop.index0 }}] += mean_of(net, &w, {{ phase }}, {{ variable }}) / NETWORKS;
{% endfor %}
        find_tangent(net, &w, top);
        for (int i = 0; i < 6; i++) {
            mean[i] += w.stress[i] * unit / NETWORKS;
            for (int j = 0; j < 6; j++)
                stiffness[i][j] += top[6 * i + j] * unit / NETWORKS;
        }
    }
    memcpy(new_state, fresh, sizeof fresh);
    for (int i = 0; i < 6; i++) {
        stress[i] = 0;
        for (int j = 0; j < 6; j++) {
            stress[i] += turn[6 * j + i] * mean[j];
            half[i][j] = 0;
            for (int k = 0; k < 6; k++)
                half[i][j] += stiffness[i][k] * turn[6 * k + j];
        }
    }
    for (int i = 0; i < 6; i++)
        for (int j = 0; j < 6; j++) {
            tangent[6 * i + j] = 0;
            for (int k = 0; k < 6; k++)
                tangent[6 * i + j] += turn[6 * k + i] * half[k][j];
        }
    return {{ name | upper }}_OK;
}
