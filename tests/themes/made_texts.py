"""Short made-up abstracts on three plainly different subjects."""

_ROBOT_TASKS = [
    "grasp unknown objects from a cluttered bin",
    "walk over rough ground with four legs",
    "pour water from a bottle into a cup",
    "stack blocks seen by a wrist camera",
    "open doors and drawers in a household",
    "fold towels with two arms",
    "insert pegs into tight holes by touch",
    "push heavy boxes across a warehouse",
]
_STAR_THINGS = [
    "spectra of distant quasars behind a galaxy cluster",
    "light curves of pulsating stars in a globular cluster",
    "the dust ring around a young star",
    "radio bursts from a magnetar in our galaxy",
    "the orbit of an exoplanet around a red dwarf",
    "supernova remnants seen in X-rays",
    "the rotation of spiral galaxies",
    "gravitational lensing of background galaxies",
]
_DISHES = ["sourdough bread", "lentil soup", "roasted peppers", "apple cake", "noodle broth", "bean stew", "fish pie"]

ROBOTS = [
    f"A robot learns to {task}. We train a manipulation policy for a robot arm from demonstrations and "
    f"show on a real robot that robotic grasping and control improve when the robot has to {task}."
    for task in _ROBOT_TASKS
]
STARS = [
    f"Observations of {thing}. With a large telescope we measure {thing} and compare them with models of stellar "
    f"evolution; the astronomical survey gives new limits on distance and mass."
    for thing in _STAR_THINGS
]
COOKING = [
    f"A recipe for {dish}. We describe how the taste of {dish} depends on salt, heat and time in the oven, and how "
    f"cooks in a kitchen season {dish} with herbs."
    for dish in _DISHES
]
