"""The flat of Linden 12, as data."""

from __future__ import annotations

from integrations.demo.kinds import Room, Thing

_living = Room("Flat", "Living room")
_kitchen = Room("Flat", "Kitchen")
_hall = Room("Flat", "Hall")
_bedroom = Room("Flat", "Bedroom")
_kids = Room("Flat", "Kids room")
_bath = Room("Flat", "Bathroom")

_motion = _hall.device("Hall motion sensor", "Motion and light sensor")
_television = _living.device("Television", "Plug with meter")
_coffee = _kitchen.device("Coffee machine", "Plug with meter")
_washer = _bath.device("Washing machine", "Washing machine")

FLAT: tuple[Thing, ...] = (
    _living.lamp("living_room_floor_lamp", "Floor lamp", "color_temp", "rgb"),
    _living.lamp("living_room_ceiling", "Living room ceiling", "color_temp"),
    _living.thermostat("living_room", "Living room heating", 21.0),
    _living.sensor(
        "living_room_temperature", "Living room temperature", "temperature", "°C", "20.8"
    ),
    _living.sensor("living_room_humidity", "Living room humidity", "humidity", "%", "44"),
    _living.cover("living_room_blinds", "Blinds", "blind", 40),
    _living.contact("living_room_motion", "Living room motion", "motion"),
    _living.contact("balcony_door", "Balcony door", "door"),
    _living.plug("tv", "Television", device=_television),
    _living.sensor("tv_power", "Television power", "power", "W", "0", _television),
    _living.sensor("outdoor_temperature", "Outdoor temperature", "temperature", "°C", "8.0"),
    _kitchen.lamp("kitchen", "Kitchen light", "color_temp"),
    _kitchen.contact("kitchen_motion", "Kitchen motion", "motion"),
    _kitchen.sensor("kitchen_temperature", "Kitchen temperature", "temperature", "°C", "20.1"),
    _kitchen.sensor("kitchen_co2", "Kitchen CO₂", "carbon_dioxide", "ppm", "640"),
    _kitchen.contact("kitchen_leak", "Kitchen leak", "moisture"),
    _kitchen.contact("kitchen_smoke", "Kitchen smoke", "smoke"),
    _kitchen.plug("coffee_machine", "Coffee machine", device=_coffee),
    _kitchen.sensor("coffee_machine_power", "Coffee machine power", "power", "W", "0", _coffee),
    _hall.lamp("hall", "Hall light"),
    _hall.contact("hall_motion", "Hall motion", "motion"),
    _hall.sensor("hall_illuminance", "Hall light level", "illuminance", "lx", "12", _motion),
    _hall.sensor("hall_motion_battery", "Hall motion battery", "battery", "%", "6", _motion),
    _hall.contact("front_door", "Front door", "door"),
    _hall.lock("front_door", "Front door lock"),
    _hall.sensor("flat_power", "Flat power", "power", "W", "310"),
    _bedroom.lamp("bedroom", "Bedroom light", "color_temp"),
    _bedroom.thermostat("bedroom", "Bedroom heating", 18.5),
    _bedroom.sensor("bedroom_temperature", "Bedroom temperature", "temperature", "°C", "18.7"),
    _bedroom.contact("bedroom_window", "Bedroom window", "window"),
    _bedroom.cover("bedroom_curtains", "Bedroom curtains", "curtain", 100),
    _kids.lamp("kids_room", "Lina’s lamp", "color_temp", "rgb"),
    _kids.thermostat("kids_room", "Lina’s heating", 20.0),
    _kids.sensor("kids_room_temperature", "Lina’s room temperature", "temperature", "°C", "19.6"),
    _kids.sensor("kids_room_humidity", "Lina’s room humidity", "humidity", "%", "51"),
    _kids.contact("kids_room_window", "Lina’s window", "window"),
    _bath.lamp("bathroom", "Bathroom light"),
    _bath.sensor("bathroom_humidity", "Bathroom humidity", "humidity", "%", "55"),
    _bath.contact("bathroom_leak", "Bathroom leak", "moisture"),
    _bath.words(
        "washing_machine", "Washing machine", ["idle", "washing", "spinning", "done"], _washer
    ),
    _bath.plug("washing_machine", "Washing machine plug", "on", _washer),
    _bath.sensor("washing_machine_power", "Washing machine power", "power", "W", "1", _washer),
)
