"""The verbs that workshop manuals give orders with, and their other forms."""

from __future__ import annotations

from pipeline.engines.offline.vocabulary import listed

REGULAR = listed(
    """accept activate actuate add adhere adjust adopt advance aim align allow anchor apply arrange assemble
    assure attach avoid balance bake blank bleed block bolt bore braze bridge brush calculate calibrate
    cement center centre change charge check chock clamp clean clear clip clog close coat collect compare
    complete compress confirm connect consult contact continue control cool correct cover crank crimp cringe
    crush deflate degrease deliver depress determine detach disassemble discard discharge disconnect
    disengage dismantle dismount display dispose drain drape dress drop dry dust earth elevate empty enable
    energize engage enlarge ensure enter erase evacuate evaluate examine exchange exert expand extend extract
    face fasten file fill filter finish fit fix flatten flip flush fold follow force gauge grease guide half
    hammer handle heat hinge hoist hone hook identify illuminate impregnate include increase inflate inform
    initialize insert inspect install insulate interchange invert isolate jack join jump keep knock label
    latch level lift limit liquefy list listen load locate lock loosen lower lubricate machine maintain
    manufacture mark mask match measure melt mix modify moisten monitor mount move neutralize note notch
    notify number observe obtain oil open operate orient overhaul pack paint park pass peel perform place
    plug plunge point polish position pour power preassemble preheat prelubricate prepare press pressurize
    prevent prime proceed program protect provide pry pull pump punch purge push raise ream reassemble
    reattach recharge recheck recommend reconnect record reduce refer refill refit reinstall relax release
    remount remove repair repeat replace replenish report reposition rest restart retain retighten retract
    return reuse reverse rinse rivet roll rotate roughen route rub run sand save scrape screw seal seat
    secure select separate service set shift shim shorten siphon skim slacken slide slip snap soak solder
    spray spread squeeze stake start steam stir stop store straighten strap stretch strike strip submerge
    supply support suspend switch tack tag tape tap tear test tie tighten tilt tin tip top torque torch touch
    trace train transfer transport trim troubleshoot tuck turn twist unbolt unclamp unclip uncouple uncrimp
    unfasten unfold unhook unlatch unload unlock unplug unscrew unsnap unsolder untie unwind use vacuum vent
    verify visually wait warm wash watch weld wipe wire withdraw work wrap"""
)
"""Verbs that may open an instruction; the forms of most follow the rule."""

PARTICIPLES = {
    "bend": "bent", "bind": "bound", "bleed": "bled", "blow": "blown", "break": "broken", "bring": "brought",
    "cut": "cut", "do": "done", "draw": "drawn", "drive": "driven", "drill": "drilled", "find": "found",
    "feed": "fed", "get": "got", "give": "given", "go": "gone", "grind": "ground", "hang": "hung", "hold": "held",
    "keep": "kept", "lay": "laid", "lead": "led", "leave": "left", "let": "let", "make": "made", "put": "put",
    "read": "read", "rewind": "rewound", "run": "run", "see": "seen", "send": "sent", "set": "set",
    "shut": "shut", "slide": "slid", "spread": "spread", "spring": "sprung", "stick": "stuck", "strike": "struck",
    "take": "taken", "tear": "torn", "throw": "thrown", "unwind": "unwound", "wear": "worn", "wind": "wound",
    "withdraw": "withdrawn", "write": "written", "reset": "reset", "swing": "swung", "tack": "tacked",
    "undo": "undone", "build": "built", "spin": "spun", "offset": "offset", "fit": "fitted", "rebuild": "rebuilt",
}  # fmt: skip
"""Past participles that no rule gives; their verbs may open an instruction too."""

PARTICLES = listed("off out on up down in back away apart forward together over through tight")
"""Small words that belong to the verb before them ("pull off")."""

ADVERBS = listed(
    """only carefully always then also now first next finally again slowly firmly lightly thoroughly immediately
    visually manually temporarily simultaneously evenly gradually fully completely briefly gently just
    possibly alternately partially additionally further securely tightly uniformly alternatively"""
)
"""Words that may stand before or behind the verb of an instruction without changing its object."""

NOUNS_TOO = listed(
    """cement repair bolt bore brush charge check clamp clip clog coat collar control cover cut drain drill
    drive dust face feed file filter finish fit fuse gauge grease guide half hammer handle heat hinge hoist
    hone hook jack join jump label latch lead lever level lift light limit list load lock mark mask match
    measure mount notch number oil paint pin plug point position power pump punch rest ring rivet rotor screw
    seal seat set shift shim sleeve snap spring start stop strap strip support switch tack tag tap tape test
    tie tilt tip top torch torque touch trim twist vacuum vent wash watch weld wipe wire work wrap float
    water turn run spray spread slide spot"""
)
"""Verbs that are at least as often the name of a thing; a neighbour must tell which."""

_NOT_ORDERS = listed("half visually recommend note point power face limit number train work wire rest")
_DOUBLING = listed(
    """transfer clip clog control drag drop fit flip grip jog pin plug program rim rip rub scrub shim skim skip
    slip snap stop strap strip tag tap tin tip top trim tug unclip unplug unsnap wrap ship spin stir"""
)

_SHORT = listed("cut get let put run set shut reset spin")
"""Verbs that double their last letter before -ing only."""


def is_order(word: str) -> bool:
    """Whether `word`, in any case, is the plain form of a verb that may open an instruction."""
    plain = word.lower()
    return plain not in _NOT_ORDERS and (plain in REGULAR or plain in PARTICIPLES)


def participle(verb: str) -> str:
    """The past participle of a verb's plain form ("remove" -> "removed", "hold" -> "held")."""
    plain = verb.lower()
    if plain in PARTICIPLES:
        return PARTICIPLES[plain]
    if plain.endswith("e"):
        return plain + "d"
    if plain.endswith("y") and plain[-2] not in "aeou":
        return plain[:-1] + "ied"
    return (plain + plain[-1] if plain in _DOUBLING else plain) + "ed"


def gerund(verb: str) -> str:
    """The -ing form of a verb's plain form ("remove" -> "removing", "cut" -> "cutting")."""
    plain = verb.lower()
    if plain.endswith("ie"):
        return plain[:-2] + "ying"
    if plain.endswith("e") and not plain.endswith(("ee", "ye", "oe")):
        return plain[:-1] + "ing"
    doubles = plain in _DOUBLING or plain in _SHORT
    return (plain + plain[-1] if doubles else plain) + "ing"
