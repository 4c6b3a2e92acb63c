"""The reference: the model's rules on plain Mesa agents, one object each.

Read it in this order: `town` (the month of a municipality, from top to bottom), `citizens` and
`collaboration` (who there is, and what each does alone), `observation` (what is counted), `model`
(the Mesa model, the yearly review, a timed run). `rules` says where the equations come from, and
`first_population` where the people come from.

It knows no numba, no columns and no kernels: agents point at each other. It shares with the package
the inputs, the first population, the small equations and the keyed draws; loops, matching,
bookkeeping and their order are written here anew.
"""
