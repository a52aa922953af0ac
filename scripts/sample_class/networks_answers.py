"""What the students of hw5_networks typed."""

DESCENT = "[(10, 1), (9.5, 0.5), (9.025, 0.25), (8.57375, 0.125), (8.1450625, 0.0625), (7.73780937, 0.03125)]"
MOMENTUM = "[(10, 1), (9.5, 0.5), (8.575, -0.2), (7.31375, -0.73), (5.8129375, -0.842), (4.17155937, -0.5218)]"
DROP = "[(10, 1), (9.5, 0.5), (8.575, -0.2), (8.448875, -0.253), (8.29311813, -0.28805), (8.11147135, -0.3051925)]"
DROP_SUTSKEVER = "[(10, 1), (9.5, 0.5), (8.575, -0.2), (7.699625, -0.82), (6.87328938, -1.337), (6.09522088, -1.73545)]"
ADAM = "[(10, 1), (9.5, 0.5), (9.0008, 0.0339), (8.5031, -0.3359), (8.0075, -0.5423), (7.5148, -0.5855)]"
SADDLE = "[(1, 0.1), (0.9, 0.11), (0.72, 0.13), (0.486, 0.161), (0.2268, 0.205), (-0.02916, 0.2651)]"
ZIGZAG = """[
    (-9, 1.5), (-7.2, -1.2), (-5.8, 1), (-4.6, -0.8), (-3.7, 0.6), (-3, -0.5), (-2.4, 0.4), (-1.9, -0.3), (-1.5, 0.25),
    (-1.2, -0.2), (-1, 0.15), (-0.8, -0.1), (-0.6, 0.1), (-0.5, 0),
]"""
SMOOTH = "[(-9, 1.5), (-8, 0.6), (-7, 0.1), (-6, -0.2), (-5, -0.3), (-4, -0.2), (-3, -0.1), (-2, 0), (-1, 0), (0, 0)]"

COMPUTED: dict[str, str] = {
    "inception_reduced": "163696",
    "inception_naive": "393472",
    "inception_ratio": "2.40",
    "largest_branch": '"3x3"',
    "two_convolutions": "9",
    "after_pool": '"n + 8"',
    "descent_path": DESCENT,
    "momentum_path": MOMENTUM,
    "drop_path": DROP,
    "adam_path": ADAM,
    "saddle_path": SADDLE,
    "saddle_steps": '{"plain": 38, "momentum": 19}',
    "ridge_escape": "False",
    "descent_sketch": ZIGZAG,
    "momentum_sketch": SMOOTH,
}
EXTRA: dict[str, str] = {
    "googlenet_parameters": """{
    "conv1": 9472, "conv2": 114944, "3a": 163696, "3b": 388736, "4a": 376176, "4b": 449160, "4c": 510104, "4d": 605376,
    "4e": 868352, "5a": 1043456, "5b": 1444080, "linear": 1025000,
}""",
    "misprinted_rows": '["conv1", "4a", "4c", "4d", "4e", "5a", "5b"]',
}
WRITTEN: dict[str, str] = {
    "inception_comparison": "Without the reductions it is 2.4 times larger, because the 3x3 and 5x5 filters then reach over all "
    "192 channels.",
    "saddle_help": "At a saddle the gradient is about zero, so plain descent gets stuck. The velocity still has the sum of the "
    "earlier gradients and keeps moving; any small part across the saddle grows from step to step.",
    "other_difficulty": "Zig-zag in a narrow valley. Gradients across it change sign and cancel in the running sum, those along it "
    "add up.",
    "both_orders": "First order: the steps are sums, so the path is smoother, but it runs past the lowest point and swings back.\n\n"
    "Second order as well: every coordinate is divided by the size of its own gradients, so the path starts diagonally and "
    "does not rush down the steep side.",
}
MODEL = COMPUTED | EXTRA | WRITTEN

# Answers that differ from the computed part of the model's.
TYPED: dict[str, dict[str, str]] = {
    "farah": {
        "inception_reduced": "163328",
        "inception_naive": "393216",
        "inception_ratio": "2.4075",
        "two_convolutions": "11",
        "after_pool": '"n + 11"',
        "momentum_path": "[(10, 1), (9.95, 0.95), (9.85525, 0.8575), (9.720699, 0.731375), "
        "(9.550999, 0.581294), (9.350514, 0.417156)]",
        "drop_path": "[(10, 1), (9.95, 0.95), (9.85525, 0.8575), (9.841795, 0.844887), "
        "(9.824764, 0.829312), (9.804525, 0.811147)]",
        "adam_path": "[(10, 1), (8.41886, -0.58114), (6.31133, -1.0172), (3.91471, -0.26723), (1.41914, 0.66867), "
        "(-0.96684, 0.82074)]",
        "saddle_path": "[(1, 0.1), (0.99, 0.101), (0.9711, 0.10291), (0.944379, 0.105658), (0.910886, 0.109188), "
        "(0.871634, 0.113457)]",
        "saddle_steps": '{"plain": 38, "momentum": 72}',
        "ridge_escape": "True",
    },
    "goran": {
        "inception_reduced": "157520",
        "inception_naive": "387296",
        "inception_ratio": "0.416",
        "largest_branch": '"5x5"',
        "googlenet_parameters": EXTRA["googlenet_parameters"].replace("114944", "110784"),
        "misprinted_rows": '["conv1", "conv2", "4a", "4c", "4d", "4e", "5a", "5b"]',
        "two_convolutions": "10",
        "after_pool": '"2n + 7"',
        "descent_path": "[(10.5, 1.5), (11.025, 2.25), (11.57625, 3.375), (12.1550625, 5.0625), (12.76281563, 7.59375)]",
        "momentum_path": "[(9.05, 0.05), (7.78525, -0.4025), (6.314626, -0.404875), (4.741512, -0.203506), (3.159423, -0.011137)]",
        "saddle_path": "[(1, 0.1), (0.9, 0.09), (0.72, 0.072), (0.486, 0.0486), (0.2268, 0.02268), (-0.02916, -0.00292)]",
        "momentum_sketch": ZIGZAG,
    },
    "hana": {
        "inception_naive": "393001",
        "inception_ratio": "393001 / 163696",
        "two_convolutions": "10",
        "after_pool": '"n + 9"',
        "misprinted_rows": '["5b", "4e", "4d", "4c", "4a", "conv1"]',
        "momentum_path": "[(10, 1), (9.5, 0.5), (8.575, -0.2), (7.41375, -0.73), (6.0, -0.842), (4.427, -0.5218)]",
        "descent_sketch": "[(-9, 1.5), (-6, 1), (-3, 0.5), (0, 0)]",
    },
    "ines": dict.fromkeys(COMPUTED, "...") | {"two_convolutions": "9", "ridge_escape": "False"},
    "jonas": {
        "inception_reduced": '"12,34,567"',
        "inception_naive": "[393472, 163696]",
        "inception_ratio": '"about two and a half"',
        "largest_branch": '"the big one"',
        "two_convolutions": "9.5",
        "after_pool": '"n + m + 8"',
        "momentum_path": '"see my drawing"',
        "ridge_escape": '"maybe"',
        "momentum_sketch": '"smoother"',
    },
    "nadia": {
        "inception_reduced": "393472",
        "inception_naive": "163696",
        "after_pool": '"9n"',
        "momentum_path": "[(10, 1), (10, 1), (9.5, 0.5), (8.55, -0.45), (7.22, -1.555), (5.5955, -2.3245)]",
        "drop_path": "[(10, 1), (9.5, 0.5), (8.575, -0.2), (8.448875, -0.253)]",
        "adam_path": "[[10, 9.5, 9.0008, 8.5031, 8.0075, 7.5148], [1, 0.5, 0.0339, -0.3359, -0.5423, -0.5855]]",
        "saddle_steps": '{"plain": 38}',
    },
    "quinn": {
        "inception_reduced": "415088",
        "two_convolutions": "5",
        "after_pool": '"n + 4"',
        "momentum_path": "[(9.975, 0.975), (9.9275625, 0.928125), (9.86005, 0.862734), (9.774638, 0.782314), (9.673331, 0.690379)]",
        "saddle_steps": '{"plain": 19, "momentum": 38}',
    },
    "rosa": {
        "inception_reduced": "216064",
        "inception_naive": '"393K"',
        "after_pool": '"n + 9"',
        "momentum_path": "[(9.5, 0.5), (8.5975, 0.025), (7.3959875, -0.20125), (5.998895, -0.202437), (4.504436, -0.101753)]",
        "saddle_steps": '{"plain": 38, "momentum": 16}',
    },
}
