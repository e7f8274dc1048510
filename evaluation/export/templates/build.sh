#!/bin/sh
set -e
cd "$(dirname "$0")"
cc -std=c99 -O3 -fno-math-errno -fPIC -shared {{ name }}.c -o lib{{ name }}.so -lm
cc -std=c99 -O3 check.c {{ name }}.c -o check -lm && ./check
{% if interface == "umat" and calculix != name %}
ln -sf lib{{ name }}.so lib{{ calculix }}.so  # CalculiX: *MATERIAL, NAME=@ABAQUS_{{ calculix }}
{% endif %}
