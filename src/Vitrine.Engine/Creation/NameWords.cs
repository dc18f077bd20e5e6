namespace Vitrine.Engine.Creation;

/// <summary>The words of <see cref="NameGenerator"/>: kind adjectives, and people who moved science and engineering.</summary>
internal static class NameWords
{
    public static readonly string[] Adjectives =
    [
        "able", "agile", "airy", "alert", "ample", "apt", "balmy", "blithe", "bold", "breezy", "bright", "brisk", "buoyant", "calm",
        "candid", "careful", "cheery", "clear", "clever", "cordial", "cosy", "crisp", "curious", "dapper", "daring", "deft", "eager",
        "earnest", "easy", "elated", "fair", "faithful", "fearless", "fine", "fleet", "fond", "frank", "fresh", "gallant", "gentle",
        "genial", "glad", "gleaming", "golden", "graceful", "grand", "hardy", "hearty", "helpful", "honest", "humble", "ideal", "jaunty",
        "jolly", "joyful", "keen", "kind", "lively", "limpid", "lofty", "loyal", "lucid", "lucky", "mellow", "merry", "mild", "mindful",
        "modest", "neat", "nimble", "noble", "open", "patient", "placid", "plucky", "polite", "proud", "quick", "quiet", "radiant",
        "ready", "robust", "rosy", "serene", "sharp", "shining", "silent", "sincere", "skilful", "smooth", "snug", "sober", "sound",
        "spry", "stable", "steady", "stoic", "sunny", "sure", "swift", "tender", "thrifty", "tidy", "tranquil", "true", "trusty",
        "upbeat", "valiant", "vivid", "warm", "wise", "witty", "zealous",
    ];

    public static readonly string[] Surnames =
    [
        "abel", "adleman", "agnesi", "ampere", "anning", "archimedes", "aryabhata", "avogadro", "babbage", "banneker", "bardeen",
        "bernoulli", "bhabha", "bohr", "boole", "bose", "boyle", "brahe", "brahmagupta", "brunel", "carson", "cauchy", "cavendish",
        "celsius", "chandrasekhar", "chatelet", "cori", "copernicus", "coulomb", "crick", "curie", "dalton", "darwin", "dedekind",
        "descartes", "diesel", "dijkstra", "dirac", "edison", "ehrlich", "einstein", "elion", "engelbart", "eratosthenes", "euclid",
        "euler", "faraday", "fermat", "fermi", "feynman", "fibonacci", "fleming", "floyd", "fourier", "franklin", "galilei", "galois",
        "gauss", "germain", "gilbert", "goedel", "goodall", "hamilton", "hamming", "harvey", "hawking", "heisenberg", "hertz",
        "herschel", "hilbert", "hoare", "hodgkin", "hooke", "hopper", "hubble", "humboldt", "huygens", "hypatia", "iverson", "jacobi",
        "jackson", "johnson", "joliot", "joule", "kelvin", "kepler", "kernighan", "khayyam", "khwarizmi", "kilby", "knuth", "koch",
        "kolmogorov", "kovalevskaya", "lagrange", "lamarr", "lamport", "laplace", "lavoisier", "leavitt", "leibniz", "linnaeus",
        "liskov", "lovelace", "maxwell", "mccarthy", "mcclintock", "meitner", "mendel", "mendeleev", "michelson", "milner", "minsky",
        "mirzakhani", "morse", "napier", "newton", "nightingale", "noether", "oersted", "ohm", "oppenheimer", "pascal", "pasteur",
        "pauling", "planck", "poincare", "ptolemy", "pythagoras", "raman", "ramanujan", "riemann", "ritchie", "roentgen", "rubin",
        "rutherford", "sagan", "salk", "schroedinger", "shannon", "snyder", "somerville", "stallman", "steinmetz", "swan", "tesla",
        "thales", "thompson", "torricelli", "torvalds", "turing", "vaughan", "volta", "wallace", "watson", "watt", "wilkes", "wing",
        "wirth", "wozniak", "wright", "wu", "yalow", "yonath", "zhang", "zuse",
    ];
}
