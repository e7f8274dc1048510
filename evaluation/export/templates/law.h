/* {{ name }}: a composite as a material law.

   See {{ name }}.c for what it is and where it comes from. */

#ifndef {{ name | upper }}_H
#define {{ name | upper }}_H

#ifdef __cplusplus
extern "C" {
#endif

/* Numbers that a point keeps between increments; all are zero at the start:
{% for first, size, text in state %}
   {{ "%5d" | format(first) }} .. {{ "%-5d" | format(first + size - 1) }} {{ text }}
{% endfor %}
   counted from 0. Stresses among them are in GPa. */
#define {{ name | upper }}_STATE_SIZE {{ state_size }}

/* Material properties of the caller, in this order. Either all of them, or none: then those of the
   export hold, which stand in brackets. One more number may follow: the angle of the ply in
   degrees, by which the material's axes are turned about the axis 3.
{% for property in properties %}
   {{ "%5d" | format(loop.index0) }}  {{ property.phase }}: {{ property.description }}, {{ property.unit }} [{{ property.value }}]
{% endfor %} */
#define {{ name | upper }}_PROPERTIES {{ properties | length }}
{% if interface == "umat" %}

/* In an input file:

   Abaqus:   *MATERIAL, NAME={{ name | upper }}
   CalculiX: *MATERIAL, NAME=@ABAQUS_{{ calculix }}    (lib{{ calculix }}.so, found by LD_LIBRARY_PATH)
             *USER MATERIAL, CONSTANTS=1
             <angle of the ply>
             *DEPVAR
             {{ state_size }}
{% if properties | length >= 21 %}
   CalculiX takes at most 21 constants; these laws have {{ properties | length }}: pass none of them there.
{% endif %} */
{% elif interface == "mfront" %}

/* MGIS loads lib{{ name }}.so, behaviour {{ name }}: Tridimensional, PlaneStrain, Axisymmetrical.
   Its one material property is PlyAngle, in degrees; the constants are those of the export. It is
   orthotropic: a code may also turn its axes, as those of any orthotropic law. */
{% elif interface == "usermat" %}

/* In an input file:

   TB,USER,<material>,1,1
   TBDATA,1,<angle of the ply>
   TB,STATE,<material>,,{{ state_size }} */
{% endif %}

enum {
    {{ name | upper }}_OK,
    {{ name | upper }}_NO_EQUILIBRIUM,   /* make the increment smaller */
    {{ name | upper }}_BAD_STRAIN,       /* not a finite number */
    {{ name | upper }}_BAD_PROPERTIES,   /* another number of them, or beyond their range */
    {{ name | upper }}_STATE_TOO_SMALL
};

/* Stress and state at the end of an increment.

   strain:     at its end (6), Mandel: 11, 22, 33, 23, 31, 12, shears times the square root of 2
   duration:   of the increment, s
   properties: see above, or NULL
   count:      how many there are
   old_state:  at its start ({{ name | upper }}_STATE_SIZE)
   new_state:  at its end; may be the same array
   state_size: of these arrays
   stress:     {{ unit }}, Mandel (6)
   tangent:    derivatives of the stress by the strain, {{ unit }} (6 by 6)

   What it returns is one of the above. If it is not zero nothing was written. */
int {{ name }}_step(const double strain[6], double duration, const double *properties, int count,
    const double *old_state, double *new_state, int state_size, double stress[6],
    double tangent[36]);

#ifdef __cplusplus
}
#endif

#endif
