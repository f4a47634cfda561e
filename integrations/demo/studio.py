"""The studio on the ground floor of Linden 12, as data."""

from __future__ import annotations

from integrations.demo.kinds import Room, Thing

_open = Room("Studio", "Open space")
_meeting = Room("Studio", "Meeting room")
_entrance = Room("Studio", "Entrance")

_printer = _open.device("Printer", "Laser printer")

STUDIO: tuple[Thing, ...] = (
    _entrance.contact("studio_door", "Studio door", "door"),
    _entrance.lock("studio_door", "Studio door lock"),
    _entrance.lamp("entrance", "Entrance light"),
    _open.lamp("open_space", "Open space light", "color_temp"),
    _open.contact("open_space_motion", "Open space motion", "motion"),
    _open.thermostat("studio", "Studio heating", 21.0, "auto"),
    _open.sensor("open_space_temperature", "Open space temperature", "temperature", "°C", "20.4"),
    _open.sensor("open_space_illuminance", "Open space light level", "illuminance", "lx", "300"),
    _open.words("printer", "Printer", ["idle", "printing"], _printer),
    _open.plug("printer", "Printer plug", "on", _printer),
    _open.sensor("server_shelf_temperature", "Server shelf", "temperature", "°C", "31.4"),
    _meeting.lamp("meeting_room", "Meeting room light", "color_temp"),
    _meeting.contact("meeting_room_motion", "Meeting room motion", "motion"),
    _meeting.sensor("meeting_room_co2", "Meeting room CO₂", "carbon_dioxide", "ppm", "480"),
    _meeting.contact("meeting_room_window", "Meeting room window", "window"),
)
