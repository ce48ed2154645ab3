"""What workshop words mean to each other: other names of one thing, words that exclude each other, parts, properties.

Phrases of several words come first in a text; every word is compared by its stem (`notation.stem`). The lists are
those of service manuals of cars, motorcycles and machines in English.
"""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.checks import notation

# Each line is one thing; its first name stands for all of them.
_SYNONYMS = """
intake, inlet
clearance, lash, gap, play, free play, freeplay, air gap
coolant, antifreeze, cooling liquid
coolant temperature, water temperature, engine coolant temperature
floor, to the ground, on the ground, to the floor, on the floor
tyre, tire
gearbox, transmission, trans
disc, disk, rotor, plate
damper, shock absorber, shock, strut
bonnet, hood
boot lid, trunk lid, tailgate
windscreen, windshield
headlight, headlamp, head light, head lamp
tail light, taillight, tail lamp, rear light
turn signal, indicator, blinker, direction indicator
petrol, gasoline
defogger, defroster, demister
air conditioning, a/c, air conditioner, air conditioning system
cabin filter, pollen filter, cabin air filter, dust filter
fuel filter, gasoline filter
air filter, air cleaner, air cleaner element, air filter element
oil filter, oil cleaner
generator, alternator
spark plug, sparkplug
conrod, connecting rod, con rod
propshaft, propeller shaft, drive shaft, cardan shaft
halfshaft, axle shaft, output shaft
top dead centre, tdc, top dead center
bottom dead centre, bdc, bottom dead center
hose, line, pipe, tube
cable, lead, wire
sealant, sealer, liquid gasket, sealing compound
gasket, seal
face, surface, joint face, mating surface, seating surface
capacity, volume, quantity, amount
viscosity, grade
runout, run out, wobble
install, fit, mount, assemble, put on, refit
remove, take off, detach, disconnect, dismantle, disassemble, take out
replace, change, renew, exchange
inspect, check, examine, measure, verify
tighten, torque down, fasten
loosen, slacken, undo, unscrew
fill, add, top up, put in
rotate, turn, revolve
turn of crank, revolution, full turn, complete revolution
begin, start, commence
stop, switch off, shut off, shut down
relieve, release, depressurise, depressurize, bleed off
grease, lubricate
oil, lubricant
point, aim, face toward
align, line up
maximum, max, at most, not more than, upper limit
minimum, min, at least, not less than, lower limit
limit, wear limit, service limit
interval, how often, schedule
fixture, holder
screw, bolt, capscrew
nut, hex nut
ecu, control unit, control module, engine control module, ecm, dme
relay, switch relay
sensor, sender, probe, pickup
lamp, bulb, light
battery, accumulator
brake pad, brake lining
caliper, calliper
pin, terminal, contact
connector, plug connector
circuit, loop
fuse, fuse link
colour, color
crankcase, engine case, engine block
cylinder block, short block
cylinder head cover, valve cover, rocker cover, cam cover
sump, oil pan
driver, rider, operator
passenger, pillion
dusty, dust, dirty
one, single, only, alone, sole
idle, idling, tickover
fan, blower
heater, heating
bush, bushing
bearing, journal bearing
circlip, snap ring, retaining ring, lock ring
washer, shim
spacer, distance piece
clip, clamp
cover, lid, cap
tank, reservoir
throttle, accelerator, gas
steering wheel, wheel of steering
handbrake, parking brake, emergency brake
wiring harness, harness, loom
earth, ground
manufacturer, maker
advised, recommended, specified, prescribed, required
number, no, no., nr, nos
model, model year, my
car, vehicle, machine, motorcycle, bike
upward, upwards, facing up, up
downward, downwards, facing down, down
initial, preliminary
first, 1st, stage 1, step 1, first stage, first step
second, 2nd, stage 2, step 2, second stage, second step
third, 3rd, stage 3, step 3, third stage, third step
fourth, 4th, stage 4, step 4, fourth stage, fourth step
fifth, 5th, stage 5, step 5, fifth stage, fifth step
left, lh, left hand, left-hand
right, rh, right hand, right-hand
rear, back
below, under, lower than, less than, beneath
above, over, higher than, more than, greater than
before, prior to, ahead of
after, following, once
angle, degrees
temperature, how hot, how warm
torque, how tight, tightening torque, tightness
height, how high
thickness, how thick, how thin
width, how wide
length, how long
without, w/o
"""

# Words of one line exclude each other: where one text has one of them and the other another, they differ.
_CONTRASTS = """
left right
front rear centre
upper lower
top bottom second middle
intake exhaust
inner outer
inside outside
upward downward
raise lower
clockwise counterclockwise anticlockwise
before after
above below
cold hot warm
dry wet
minimum maximum
positive negative
primary secondary
first second third fourth fifth last
open close
fully begin
install remove
disconnect connect
tighten loosen
fill drain
increase decrease
high low
neutral drive reverse
switched_on switched_off
run stop
single two passenger
solo passenger
with without
new used
standard oversize undersize
petrol diesel
manual automatic
normal dusty severe
ethylene propylene
toe-in toe-out
camber caster toe
runout wear warp
side end
vertical horizontal
axial radial
initial final
lock unlock
engage disengage
charge discharge
suction discharge
engine transmission hydraulic brake fork coolant fuel differential steering
main pilot
relief safety check bypass
spark glow
timing drive fan conveyor
friction steel
air fuel oil
head tail fog
yes no
top_dead_centre bottom_dead_centre
always never
summer winter
input output
"""

_PARTS = """
engine transmission clutch brake wheel tyre axle hub bearing shaft camshaft crankshaft conrod piston ring cylinder head
block valve spring guide seat lifter tappet rocker arm chain belt tensioner pulley sprocket gear flywheel flange pump
filter element tank cooler radiator thermostat fan hose coolant oil fuel air water grease hydraulic injector carburetor
carburettor throttle manifold turbocharger compressor catalyst muffler silencer exhaust intake plug coil ignition
distributor battery generator starter motor solenoid relay fuse switch sensor lamp headlight light horn wiper washer
mirror door window seatbelt airbag dashboard instrument gauge speedometer cable connector pin terminal harness
disc drum caliper pad shoe lever pedal cylinder-master servo booster abs steering rack tie rod end ball joint knuckle
strut damper spring-coil stabilizer bar fork leg triple clamp swingarm subframe frame chassis body bumper fender
bonnet roof sunroof seat bolt nut screw stud pinion differential propshaft halfshaft universal boot bucket boom track
blade cab winch mower deck spindle auger rotor-main nozzle jet float needle diaphragm regulator governor crankcase
gasket cover sump housing bracket bush washer pedal-clutch pedal-brake cooler-oil gearbox shifter synchronizer
roller propeller anode trim tilt mast fork carriage evaporator condenser drier blower rim bead thermostat bilge lift
drive timing spark glow friction steel main pilot relief safety master slave wheel-front mark line case
actuator pillar panel unit
"""

# Each line is one thing that can be measured or asked; two of them are different questions.
_PROPERTIES = """
torque
pressure
capacity
clearance
runout
wear
thickness
width
length
height
diameter
depth
level
weight
temperature
voltage
current
resistance
power
speed
angle
ratio
viscosity
type
interval
direction
colour
"""


def _lines(text: str) -> list[list[str]]:
    return [[name.strip() for name in line.split(",")] for line in text.strip().splitlines()]


def _stems(phrase: str) -> str:
    return " ".join(notation.stem(word) for word in phrase.split())


def _names() -> dict[str, str]:
    return {_stems(name): _stems(line[0]) for line in _lines(_SYNONYMS) for name in line}


_NAMES = _names()
_LONGEST = max(len(name.split()) for name in _NAMES)


def _named(words: str) -> frozenset[str]:
    """Single words, or phrases joined by underscores, each under its one name."""
    stems = (_stems(word.replace("_", " ")) for word in words.split())
    return frozenset(_NAMES.get(stem, stem) for stem in stems)


CONTRASTS = tuple(_named(line) for line in _CONTRASTS.strip().splitlines())
PARTS = _named(_PARTS)
PROPERTIES = _named(_PROPERTIES)
_WORD = re.compile(r"[^\W\d_]+(?:[-'][^\W\d_]+)*|\d\w*")


@lru_cache(maxsize=20_000)
def things(text: str) -> tuple[str, ...]:
    """The words of a text, stemmed, each thing under its one name; the longest known phrase wins."""
    words = [notation.stem(word) for word in _WORD.findall(notation.plain(text).casefold())]
    found: list[str] = []
    at = 0
    while at < len(words):
        size = next(
            (n for n in range(min(_LONGEST, len(words) - at), 0, -1) if " ".join(words[at : at + n]) in _NAMES), 0
        )
        found.append(_NAMES[" ".join(words[at : at + size])] if size else words[at])
        at += size or 1
    return tuple(found)
