/* {{ name }} on this machine against the Python that wrote it: {{ name }}.c, {{ steps | length }} increments. */

#include <math.h>
#include <stdio.h>
#include "{{ name }}.h"

/* Duration in s, strain and stress in {{ unit }} (Mandel) at the end of each increment. */
static const double increments[{{ steps | length }}][13] = {
{{ steps | rows }}
};

int main(void)
{
    double state[{{ name | upper }}_STATE_SIZE] = { 0 }, stress[6], tangent[36], worst = 0, largest = 0;
    for (int k = 0; k < {{ steps | length }}; k++) {
        const double *row = increments[k];
        const int status = {{ name }}_step(row + 1, row[0], NULL, 0, state, state,
            {{ name | upper }}_STATE_SIZE, stress, tangent);
        if (status) {
            printf("increment %d: status %d\n", k + 1, status);
            return 1;
        }
        for (int i = 0; i < 6; i++) {
            worst = fmax(worst, fabs(stress[i] - row[7 + i]));
            largest = fmax(largest, fabs(row[7 + i]));
        }
    }
    printf("%s: the stresses differ by %.1e of the largest\n", worst <= 1e-9 * largest ? "as in Python" : "WRONG",
        worst / largest);
    return worst <= 1e-9 * largest ? 0 : 1;
}
