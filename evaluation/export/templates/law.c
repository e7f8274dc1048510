/* {{ name }}: a composite as a material law.

{% for fact in facts %}
   {{ fact }}
{% endfor %}

   Stresses in {{ unit }}, strains without unit, times in s. The fibres run along the axis {{ fibres_along }} of the
   caller, turned by the angle of the ply; its axes 1, 2, 3 are the axes {{ cell_axes }} of the cell.
   Small strains. What a point keeps and which properties
   can be passed is in {{ name }}.h. */

#include <math.h>
#include <stdio.h>
#include <string.h>
#include "{{ name }}.h"

/* ---- Laminates: the blocks of the tree ---------------------------------------------------- */

{% if helpers %}
{{ helpers }}

{% endif %}
{% for text in tree_functions %}
{{ text }}
{% endfor %}
{{ axes }}
{% for phase in phases %}
/* ---- Law of the {{ phase.name }}: {{ phase.declared.name }} ---- */

{{ phase.text }}
static void {{ phase.name }}_respond(const double *constants, double *tile)
{
{% set going = phase.recorded.going %}
{% if going >= 0 %}
    int iteration = 0;
    {{ phase.name }}_start(constants, tile);
    do
        {{ phase.name }}_iterate(constants, tile);
    while (tile[{{ going }}] == {{ search.SEARCHING }} && ++iteration < {{ search.MAX_ITERATIONS }});
    if (tile[{{ going }}] != {{ search.FOUND }})
        tile[{{ phase.recorded.unknown }}] = NAN;
{% endif %}
    {{ phase.name }}_finish(constants, tile);
}

{% endfor %}
{% include "core.c" %}

/* ---- The networks as constants ------------------------------------------------------------ */

{% for network in networks %}
{% set k = loop.index %}
static const double weights_{{ k }}[] = { {{ network.weights | join(", ") }} };
static const int phases_{{ k }}[] = { {{ network.phases | join(", ") }} };
static const int children_{{ k }}[][2] = {
{{ (network.children or [[0, 0]]) | rows }}
};
static const double blocks_{{ k }}[][4] = {
{{ (network.blocks or [[0, 0, 0, 0]]) | rows }}
};
{% if network.rotations %}
static const double rotations_{{ k }}[][36] = {
{{ network.rotations | rows }}
};
{% endif %}

{% endfor %}
static const network networks[] = {
{% for network in networks %}
{% set k = loop.index %}
    { {{ network.phases | length }}, weights_{{ k }}, phases_{{ k }}, children_{{ k }}, blocks_{{ k }},
        {{ "rotations_%d" % k if network.rotations else "NULL" }} },
{% endfor %}
};

{% include "step.c" %}
{% if interface != "c" %}
{% include interface ~ ".c" %}
{% endif %}
