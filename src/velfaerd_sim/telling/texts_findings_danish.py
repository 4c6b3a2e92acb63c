"""What the analyses of a sweep say, form by form: the English they are written in, and Danish.

How forms are read stands in `texts_findings`.
"""

from __future__ import annotations

FORMS: tuple[tuple[str, str], ...] = (
    # what a design leaves open
    (
        "A grid gives every value the same weight, so shares of its points are no chances; it "
        "is made to show where the ranking turns.",
        "Et gitter giver hver værdi samme vægt, så andele af dets punkter er ingen "
        "sandsynligheder; det er lavet til at vise, hvor rangordenen vender.",
    ),
    (
        "Factors were varied one at a time around one point: what they do together, and what "
        "each does elsewhere, is not known.",
        "Faktorerne er varieret én ad gangen omkring ét punkt: hvad de gør sammen, og hvad hver"
        " gør andre steder, vides ikke.",
    ),
    (
        "Trajectories screen which parameters matter; they do not say how much of the variance "
        "each brings, nor in which worlds a regime wins.",
        "Forløbene viser, hvilke parametre der betyder noget; de siger ikke, hvor meget af "
        "variansen hver giver, eller i hvilke verdener en styringsform vinder.",
    ),
    (
        "A Latin hypercube does not separate what a parameter does alone from what it does "
        "together with others; a Saltelli design does.",
        "En latinsk hyperkube skiller ikke det, en parameter gør alene, fra det, den gør sammen"
        " med andre; det gør en Saltelli-stikprøve.",
    ),
    (
        "A Sobol sequence does not separate what a parameter does alone from what it does "
        "together with others; a Saltelli design does.",
        "En Sobol-følge skiller ikke det, en parameter gør alene, fra det, den gør sammen med "
        "andre; det gør en Saltelli-stikprøve.",
    ),
    (
        "The points are given, not drawn: shares of them are no chances.",
        "Punkterne er givet, ikke trukket: andele af dem er ingen sandsynligheder.",
    ),
    (
        "All parameters that are not named as factors stand at one value.",
        "Alle parametre, der ikke er nævnt som faktorer, står fast på én værdi.",
    ),
    (
        "All parameters that are neither factors nor set by the worlds stand at one value.",
        "Alle parametre, der hverken er faktorer eller sat af verdenerne, står fast på én værdi.",
    ),
    (
        "Nothing but chance was varied: the intervals hold for these parameters only.",
        "Kun tilfældigheder er varieret: intervallerne gælder kun for disse parametre.",
    ),
    (
        "With one replicate a {what}, chance cannot be told from the parameters.",
        "Med én gentagelse pr. {what} kan tilfældigheder ikke skelnes fra parametrene.",
    ),
    ("pr. point", "pr. punkt"),
    ("pr. world", "pr. verden"),
    (
        "Shares of worlds hold for the ranges and distributions chosen ({names}), which are "
        "mostly judgement.",
        "Andele af verdener gælder for de valgte intervaller og fordelinger ({names}), som for "
        "det meste er skøn.",
    ),
    ("log-uniform", "jævn på logaritmisk skala"),
    ("uniform", "jævn"),
    (
        "Every point was run in {count} worlds with other parameters ({replicates} in each).",
        "Hvert punkt er kørt i {count} verdener med andre parametre ({replicates} i hver).",
    ),
    (
        "Intervals, and what is said of chance, hold the parameters of the worlds and chance "
        "together; only under 'Design, worlds and chance' the two stand apart.",
        "Intervallerne, og det der siges om tilfældigheder, rummer verdenernes parametre og "
        "tilfældigheder tilsammen; kun under “Studiets faktorer, verdener og tilfældigheder” er"
        " de to skilt ad.",
    ),
    (
        "Intervals, and what is said of chance, hold the parameters of the worlds and chance "
        "together.",
        "Intervallerne, og det der siges om tilfældigheder, rummer verdenernes parametre og "
        "tilfældigheder tilsammen.",
    ),
    (
        "Where an answer counts worlds, it counts points, each by its mean over these.",
        "Hvor et svar tæller verdener, tæller det punkter, hvert med sit gennemsnit over disse.",
    ),
    # what an answer is about
    ("the outcome {o} under {a}", "{o} under {a}"),
    ("The outcome {o} under {a}", "{o} under {a}"),
    ("the difference in {o} between {a} and {b}", "forskellen i {o} mellem {a} og {b}"),
    ("The difference in {o} between {a} and {b}", "Forskellen i {o} mellem {a} og {b}"),
    # what could not be made
    (
        ": it needs {allowed} ({place}: {value}); for ",
        ": kræver {allowed} ({place}: {value}); gælder ",
    ),
    (
        "at least {least} for {method}; enlarge the design and run the study again",
        "mindst {least} til {method}; udvid studiet, og kør det igen",
    ),
    (
        "a Latin hypercube, Sobol or Saltelli design; {method} needs a sample of worlds",
        "en latinsk hyperkube, Sobol- eller Saltelli-stikprøve; {method} kræver en stikprøve af"
        " verdener",
    ),
    (
        "a design that samples the range (Latin hypercube, Sobol, Saltelli) for PAWN",
        "en stikprøve over hele intervallet (latinsk hyperkube, Sobol, Saltelli) til PAWN",
    ),
    (
        "a Saltelli design (two base samples and their mixtures)",
        "en Saltelli-stikprøve (to grundstikprøver og deres blandinger)",
    ),
    (
        "a Morris design (trajectories of one step a parameter)",
        "Morris-forløb (med ét skridt pr. parameter)",
    ),
    (
        "at least 2: one run a point cannot tell chance",
        "mindst 2: én kørsel pr. punkt kan ikke vise tilfældigheder",
    ),
    (
        "at least 2 in a world at every point: one run cannot tell chance from the world",
        "mindst 2 i en verden i hvert punkt: én kørsel kan ikke skelne tilfældigheder fra verdenen",
    ),
    ("at least {least} in which all runs are there", "mindst {least}, hvor alle kørsler er klar"),
    (
        "'higher' or 'lower', as {o} is in itself neither good nor bad",
        "“higher” eller “lower”, da {o} hverken er godt eller dårligt i sig selv",
    ),
    (
        "the same seed for a replicate at every point",
        "det samme frø for en gentagelse i hvert punkt",
    ),
    (
        "a grid of the two with at least {least} values of each",
        "et gitter af de to med mindst {least} værdier af hver",
    ),
    ("a value in every cell; resume the study", "en værdi i hvert felt; kør studiet færdigt"),
    ("two values of {f} with runs, or more", "mindst to værdier af {f} med kørsler"),
    (
        "a point at which all regimes have a value of {o}",
        "et punkt, hvor alle styringsformer har en værdi af {o}",
    ),
    ("scenario discovery", "at finde verdener"),
    ("the split of variance", "delingen af variansen"),
    ("the comparison of regimes", "sammenligningen af styringsformer"),
    ("robustness", "robusthed"),
    ("(points: ", "(punkter: "),
    ("(replicates: ", "(gentagelser: "),
    ("(worlds: ", "(verdener: "),
    ("(study: ", "(studie: "),
    ("(design: ", "(opbygning: "),
    (" and {count} more", " og {count} mere"),
    # regimes compared
    (
        "Under {a}, {o} is {level} in the mean over {points}.",
        "Under {a} er {o} {level} i gennemsnit over {points}.",
    ),
    ("{a} differs from it by ", "{a} afviger herfra med "),
    (" and is ahead in {share} of the ", " og er foran i {share} af de "),
    ("(clearly in {some}, clearly behind in {others})", "(klart i {some}, klart bagud i {others})"),
    (
        "With one replicate a point, chance is not known.",
        "Med én gentagelse pr. punkt kendes omfanget af tilfældigheder ikke.",
    ),
    # what decides
    ("No parameter is shown to decide ", "Det er ikke vist for nogen parameter, at den afgør "),
    (" is decided by {names}.", " afgøres af {names}."),
    (" (total {total}, first {first})", " (samlet {total}, første orden {first})"),
    (
        "Single effects leave {share} of the variance to interactions.",
        "De enkelte effekter overlader {share} af variansen til samspil.",
    ),
    ("Negligible (total index below {limit}): ", "Ubetydelige (samlet indeks under {limit}): "),
    ("Not told from zero: ", "Kan ikke skelnes fra nul: "),
    ("Of unclear weight: ", "Med uklar vægt: "),
    ("(at most {value})", "(højst {value})"),
    (
        "The sample suffices to {can}, not to {cannot}.",
        "Stikprøven rækker til at {can}, ikke til at {cannot}.",
    ),
    (
        "The sample does not suffice to place every parameter: more trajectories are needed.",
        "Stikprøven rækker ikke til at placere hver parameter: der er brug for flere forløb.",
    ),
    (
        "The sample suffices to separate the parameters that matter.",
        "Stikprøven rækker til at skille de parametre ud, der betyder noget.",
    ),
    ("The sample does not suffice to {cannot}.", "Stikprøven rækker ikke til at {cannot}."),
    ("The sample suffices to {can}.", "Stikprøven rækker til at {can}."),
    (
        "name the leading parameter ({f} leads in {share} of resamples)",
        "udpege den vigtigste parameter ({f} fører i {share} af nye stikprøver)",
    ),
    (
        "separate the parameters that matter from those that do not",
        "skille de parametre, der betyder noget, fra dem, der ikke gør",
    ),
    ("give the sizes (widest interval {value})", "angive størrelserne (bredeste interval {value})"),
    (
        "Chance is {share} of what is to be explained: replicates are needed.",
        "Tilfældigheder er {share} af det, der skal forklares: der er brug for gentagelser.",
    ),
    (
        "For intervals no wider than {value} about {blocks} blocks are needed, not {there}.",
        "Til intervaller, der ikke er bredere end {value}, er der brug for omkring {blocks} "
        "blokke, ikke {there}.",
    ),
    (
        "With one replicate a point, chance cannot be separated and adds to the total indices.",
        "Med én gentagelse pr. punkt kan tilfældigheder ikke skilles ud, og de lægges til de "
        "samlede indeks.",
    ),
    (
        "Chance makes {share} of the variance between the points' means over {replicates}; it "
        "has been taken out of the indices.",
        "Tilfældigheder udgør {share} af variansen mellem punkternes gennemsnit over "
        "{replicates}; de er trukket ud af indeksene.",
    ),
    (
        "{lost} of {all} blocks of the design were incomplete.",
        "{lost} af {all} blokke var ufuldstændige.",
    ),
    ("{lost} of {all} trajectories were incomplete.", "{lost} af {all} forløb var ufuldstændige."),
    (
        " is the same at all points: no parameter matters.",
        " er den samme i alle punkter: ingen parameter betyder noget.",
    ),
    (" is the same at all points.", " er den samme i alle punkter."),
    (" is the same in all runs.", " er den samme i alle kørsler."),
    (
        "The differences between points in {about} cannot be told from chance; more than "
        "{replicates} a point are needed.",
        "Forskellene mellem punkter i {about} kan ikke skelnes fra tilfældigheder; der er brug "
        "for mere end {replicates} pr. punkt.",
    ),
    (" depends on {names}. ", " afhænger af {names}. "),
    (": no effect is shown.", ": ingen effekt er vist."),
    ("(mean effect over its range {value}, ", "(gennemsnitlig effekt over intervallet {value}, "),
    ("one direction, size depends)", "én retning, størrelsen afhænger af de andre)"),
    ("direction depends)", "retningen afhænger af de andre)"),
    ("one direction)", "én retning)"),
    ("linear)", "lineær)"),
    ("Below {share} of the largest effect: ", "Under {share} af den største effekt: "),
    ("Cannot be told from chance: ", "Kan ikke skelnes fra tilfældigheder: "),
    (
        "With one replicate a point, chance cannot be told from small effects.",
        "Med én gentagelse pr. punkt kan tilfældigheder ikke skelnes fra små effekter.",
    ),
    (
        "No parameter is shown to move the distribution of ",
        "Det er ikke vist for nogen parameter, at den flytter fordelingen af ",
    ),
    (" moves the distribution of ", " flytter fordelingen af "),
    (" move the distribution of ", " flytter fordelingen af "),
    (
        "(PAWN, {points}, {slices} slices; idle parameters stay below {value})",
        "(PAWN, {points}, {slices} skiver; virkningsløse parametre holder sig under {value})",
    ),
    ("Cannot be told from idle: ", "Kan ikke skelnes fra virkningsløse: "),
    (" moves most with {f} ({value}).", " flytter sig mest med {f} ({value})."),
    (" moves with {names}.", " flytter sig med {names}."),
    ("Not told from chance: ", "Kan ikke skelnes fra tilfældigheder: "),
    (
        "More happens between the ends of the range than from end to end: ",
        "Der sker mere mellem intervallets ender end fra ende til ende: ",
    ),
    (", the others where they are)", ", de andre hvor de er)"),
    # lines and maps
    (
        "The ranking turns {places} ({count} in all).",
        "Rangordenen vender {places} ({count} i alt).",
    ),
    (
        "As {f} goes from {low} to {high}, {about} goes from {first} to {last}.",
        "Når {f} går fra {low} til {high}, går {about} fra {first} til {last}.",
    ),
    ("The ranking does not turn in this range.", "Rangordenen vender ikke i dette interval."),
    ("The ranking turns at {f} = {places}.", "Rangordenen vender ved {f} = {places}."),
    ("Mean over all values of {names}.", "Gennemsnit over alle værdier af {names}."),
    (
        "{a} is ahead of {b} on {o} in {share} of {columns} x {rows} cells of {x} and {y}",
        "{a} er foran {b} på {o} i {share} af {columns} × {rows} felter for {x} og {y}",
    ),
    (
        "; clearly ahead in {wins}, clearly behind in {losses}, and not told apart in ",
        "; klart foran i {wins}, klart bagud i {losses} og ikke til at skelne i ",
    ),
    (
        "; with one replicate it is not known which of them are chance",
        "; med én gentagelse vides det ikke, hvilke af dem der er tilfældige",
    ),
    (
        "The ranking does not turn between values of {f}.",
        "Rangordenen vender ikke mellem værdier af {f}.",
    ),
    ("at {f} = {value} for {x} = ", "ved {f} = {value} for {x} = "),
    # in which worlds
    ("{a} beats {b} on {o}", "{a} klarer sig bedre end {b} på {o}"),
    (" by at least {value} in ", " med mindst {value} i "),
    (" by at least ", " med mindst "),
    (
        "; with one replicate a point it is not known how many labels are chance.",
        "; med én gentagelse pr. punkt vides det ikke, hvor mange af udfaldene der er tilfældige.",
    ),
    (
        "; with {replicates}, {unsure} of the labels are less than 95 % sure, and {wrong} are "
        "wrong by chance.",
        "; med {replicates} er {unsure} af udfaldene mindre end 95 % sikre, og {wrong} er "
        "forkerte på grund af tilfældigheder.",
    ),
    ("at most about ", "højst omkring "),
    ("hardly any", "næsten ingen"),
    (
        "There is nothing to discover: it is {often} so, and {fewer} of {all} points that are "
        "otherwise are too few to tell what sets them apart.",
        "Der er intet at finde: sådan er det {often}, og {fewer} af {all} punkter, hvor det er "
        "anderledes, er for få til at vise, hvad der skiller dem ud.",
    ),
    ("almost always,", "næsten altid,"),
    ("almost never,", "næsten aldrig,"),
    ("sådan er det always", "sådan er det altid"),
    ("sådan er det never", "sådan er det aldrig"),
    ("sådan er det almost always", "sådan er det næsten altid"),
    ("sådan er det almost never", "sådan er det næsten aldrig"),
    (
        "Another threshold than {value} or wider ranges may divide the points.",
        "En anden tærskel end {value} eller bredere intervaller kan dele punkterne.",
    ),
    (
        "No limit on any parameter sets these points apart beyond chance.",
        "Ingen grænse for nogen parameter skiller disse punkter ud ud over tilfældigheder.",
    ),
    (
        "It does so mostly where {limits}: in {density} of the points there (density), against "
        "{share} everywhere.",
        "Det gør den især, hvor {limits}: i {density} af punkterne dér (tæthed) mod {share} "
        "overalt.",
    ),
    (
        "The box holds {coverage} of the points at which it does (coverage) and {mass} of all "
        "points (largest quasi-p-value of a limit {value}).",
        "Kassen rummer {coverage} af de punkter, hvor den gør det (dækning), og {mass} af alle "
        "punkter (største kvasi-p-værdi for en grænse {value}).",
    ),
    (
        "On points not used to find it, coverage is {coverage} and density {density}.",
        "På punkter, der ikke er brugt til at finde den, er dækningen {coverage} og tætheden "
        "{density}.",
    ),
    (
        "In {share} of {resamples} the same parameters are restricted, and boxes overlap by "
        "{overlap} on average: ",
        "I {share} af {resamples} begrænses de samme parametre, og kasserne overlapper i "
        "gennemsnit {overlap}: ",
    ),
    ("the box is stable.", "kassen er stabil."),
    (
        "the box is not stable, and its limits should not be relied on one by one.",
        "kassen er ikke stabil, og man bør ikke stole på dens grænser enkeltvis.",
    ),
    (
        "By the tree it does so most often where {limits}: in {density} of the points there, "
        "which are {coverage} of all at which it does.",
        "Ifølge træet gør den det oftest, hvor {limits}: i {density} af punkterne dér, som er "
        "{coverage} af alle, hvor den gør det.",
    ),
    ("hvor everywhere:", "overalt:"),
    (
        "Its {count} boxes in which it does so in most points hold {share}.",
        "De {count} kasser, hvor den gør det i de fleste punkter, rummer {share}.",
    ),
    (
        "Of points it has not seen it tells {share} rightly; always giving the more frequent "
        "answer tells ",
        "Af punkter, det ikke har set, bedømmer det {share} rigtigt; altid at give det hyppigste "
        "svar er rigtigt for ",
    ),
    (": the tree is of no use.", ": træet kan ikke bruges."),
    ("{f} is above ", "{f} er over "),
    ("{f} is below ", "{f} er under "),
    (" and below ", " og under "),
    # which regime is safe to choose
    (
        "By {o}, the best regime of {worlds} is {names}.",
        "Målt på {o} er den bedste styringsform af {worlds} {names}.",
    ),
    (
        "In {share} of the worlds the best is clearly ahead of the second; on average the "
        "chance that it is truly the best is {sure}.",
        "I {share} af verdenerne er den bedste klart foran den næstbedste; i gennemsnit er "
        "sandsynligheden for, at den virkelig er den bedste, {sure}.",
    ),
    (
        "Over {worlds}, {a} has the least expected regret in {o}: {value}, against {other} for "
        "{b}; in nine worlds of ten its regret is below {most}.",
        "Over {worlds} har {a} det mindste forventede tab i {o}: {value} mod {other} for {b}; i"
        " ni verdener af ti er tabet under {most}.",
    ),
    (
        "Its largest regret, {value}, is the least too.",
        "Dens største tab, {value}, er også det mindste.",
    ),
    (
        "The least largest regret has {a}: {value}, against {other} for {b}.",
        "Det mindste største tab har {a}: {value} mod {other} for {b}.",
    ),
    (
        "With one replicate a world, chance is not separated from what the worlds do.",
        "Med én gentagelse pr. verden er tilfældigheder ikke skilt fra det, verdenerne gør.",
    ),
    ("Of {worlds}, {criteria} is met by {names}.", "Af {worlds} opfyldes {criteria} af {names}."),
    (
        "In up to {share} of the worlds chance may decide.",
        "I op til {share} af verdenerne kan tilfældigheder afgøre det.",
    ),
    (" at least ", " mindst "),
    (" at most ", " højst "),
    (
        "In means over {worlds}, no regime beats {names} on both {o} and {f}.",
        "I gennemsnit over {worlds} slår ingen styringsform {names} på både {o} og {f}.",
    ),
    ("; on the front in {share} of resamples)", "; på fronten i {share} af nye stikprøver)"),
    ("Beaten on both: ", "Slået på begge: "),
    ("regret in {o}", "tab i {o}"),
    ("the best regime by {o}", "den bedste styringsform målt på {o}"),
    # parameters, worlds and chance
    (
        "Of the variance between single runs in {about}, {share} comes from the parameters, "
        "{common} is chance common to all points and {own} chance at each point (",
        "Af variansen mellem enkelte kørsler i {about} kommer {share} fra parametrene, {common} er "
        "tilfældigheder fælles for alle punkter, og {own} er tilfældigheder i hvert punkt (",
    ),
    (
        "Of the variance between single runs in {about}, {worlds} comes from the worlds' "
        "parameters and {share} is chance (",
        "Af variansen mellem enkelte kørsler i {about} kommer {worlds} fra verdenernes parametre, "
        "og {share} er tilfældigheder (",
    ),
    (
        "Of the variance between single runs in {about}, {design} comes from the design's factors, "
        "{worlds} from the worlds' parameters, {both} from worlds that act differently from point "
        "to point, and {share} is chance (",
        "Af variansen mellem enkelte kørsler i {about} kommer {design} fra studiets faktorer, "
        "{worlds} fra verdenernes parametre, {both} fra verdener, der virker forskelligt fra punkt "
        "til punkt, og {share} er tilfældigheder (",
    ),
    (
        "Between the points' means over {replicates}, {share} comes from the parameters.",
        "Mellem punkternes gennemsnit over {replicates} kommer {share} fra parametrene.",
    ),
    (
        "The interval is wide: more replicates or points are needed for a firm share.",
        "Intervallet er bredt: en sikker andel kræver flere gentagelser eller punkter.",
    ),
    (" in each).", " i hver)."),
    (
        "On average over the points it is {value} in the mean of the worlds, and {side} zero in"
        " {share} of {worlds} (standard error {error}); 90 % of the worlds lie between {low} "
        "and {high}.",
        "I gennemsnit over punkterne er den {value} som middel over verdenerne og {side} nul i "
        "{share} af {worlds} (standardfejl {error}); 90 % af verdenerne ligger mellem {low} og "
        "{high}.",
    ),
    ("above nul", "over nul"),
    ("below nul", "under nul"),
    # what was left out, and how far the sweep is
    ("Left out of {runs}: ", "Udeladt af {runs}: "),
    (" that failed", ", der fejlede"),
    (" without a value of the outcome", " uden en værdi af resultatet"),
    (" could therefore not be used.", " kunne derfor ikke bruges."),
    (
        "The sweep is not finished: {done} of {planned} are there, and the answers rest on them.",
        "Studiet er ikke færdigt: {done} af {planned} er klar, og svarene bygger på dem.",
    ),
    (" failed and are left out.", " fejlede og er udeladt."),
    # what is left in lists
    (" from {low} to {high})", " fra {low} til {high})"),
)
