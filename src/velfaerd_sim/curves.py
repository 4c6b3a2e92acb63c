"""Elementary curves in plain arithmetic: clip, exponential, logarithm, logistic.

The exponential and the logarithm are written out, because those of mathematical libraries differ
in the last bit between machines and versions, and a result of this package must not.
"""

from __future__ import annotations

import math

from velfaerd_sim.compiled import rule

_LOG2_E = 1.4426950408889634
_LN2_HIGH = 6.93147180369123816490e-01
_LN2_LOW = 1.90821492927058770002e-10
_SQRT_HALF = 0.7071067811865476


@rule
def clip(value: float) -> float:
    """Limit a value to [0, 1]."""
    return min(1.0, max(0.0, value))


@rule
def exponential(x: float) -> float:
    """Exponential of x, relative error below 1e-15 for |x| <= 700 (x is limited to that range).

    Range reduction by multiples of ln 2 and a Taylor polynomial of degree 13.
    """
    x = min(700.0, max(-700.0, x))
    halvings = math.floor(x * _LOG2_E + 0.5)
    r = (x - halvings * _LN2_HIGH) - halvings * _LN2_LOW
    total = 1.0
    for k in range(13, 0, -1):
        total = 1.0 + total * r / k
    return math.ldexp(total, int(halvings))


@rule
def logarithm(x: float) -> float:
    """Natural logarithm of a positive number, relative error below 1e-15.

    Mantissa and exponent are split; the mantissa's logarithm is 2 artanh((m - 1)/(m + 1)).
    """
    mantissa, exponent = math.frexp(x)
    if mantissa < _SQRT_HALF:
        mantissa *= 2.0
        exponent -= 1
    s = (mantissa - 1.0) / (mantissa + 1.0)
    square = s * s
    total = 0.0
    for k in range(25, 0, -2):
        total = total * square + 1.0 / k
    return exponent * _LN2_HIGH + (2.0 * s * total + exponent * _LN2_LOW)


@rule
def logistic(x: float) -> float:
    """Inverse logit: the probability whose log odds are x."""
    return 1.0 / (1.0 + exponential(-x))
