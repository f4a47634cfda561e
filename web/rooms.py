"""The house as the home page shows it: areas with tiles, as one person may see and use them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hub.clock import Clock
from hub.registry import Registry
from hub.states import State, States
from store.history import History
from web.sight import Sight
from web.tiles import Tile, area_words, is_shown, permission_of, tile_of
from web.words import _

_DAY = 86400.0
_SPARK_POINTS = 24

Sparks = Mapping[str, list[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class AreaView:
    """An area with its tiles; `lit`: the lamps in it that burn and that the person may put out."""

    id: str
    name: str
    floor_id: str
    words: str
    tiles: list[Tile]
    lit: list[str]


class Rooms:
    """Looks at the house for somebody."""

    def __init__(self, states: States, registry: Registry, history: History, clock: Clock) -> None:
        self._states, self._registry = states, registry
        self._history, self._clock = history, clock

    def areas(self, sight: Sight) -> list[AreaView]:
        """Every area with something to see in it, by floor; what is nowhere comes last."""
        grouped: dict[str, list[State]] = {}
        for row in sorted(self._registry.entities.values(), key=lambda r: r.position):
            state = self._states.get(row.entity_id)
            if state and not row.hidden and sight.entity(row.entity_id):
                area = self._registry.area_of(row.entity_id)
                grouped.setdefault(area.id if area else "", []).append(state)
        rows = sorted(self._registry.areas.values(), key=lambda a: (a.floor_id or "", a.position))
        views = [
            self._area(row.id, row.name, row.floor_id or "", grouped[row.id], sight)
            for row in rows
            if row.id in grouped
        ]
        if "" in grouped:
            views.append(self._area("", _("Elsewhere"), "", grouped[""], sight))
        return views

    def lit(self, area_id: str, sight: Sight) -> list[str]:
        """The lamps of an area that burn and that the person may put out."""
        return next((view.lit for view in self.areas(sight) if view.id == area_id), [])

    def tile(self, state: State, sight: Sight) -> Tile:
        """The tile of one entity."""
        may_act = sight.may(permission_of(state), [state.entity_id])
        name = self._short_name(state.entity_id)
        return tile_of(state, name, self._clock.time(), may_act=may_act)

    def summary(self, sight: Sight) -> str:
        """How many lamps burn, and what is open."""
        shown = [s for s in self._states.all() if sight.entity(s.entity_id)]
        lit = sum(1 for s in shown if s.domain == "light" and s.state == "on")
        opened = [
            self._registry.name_of(s.entity_id)
            for s in shown
            if s.attributes.get("device_class") in ("door", "window") and s.state == "on"
        ]
        lights = _("No light is on.") if not lit else _("1 light is on.")
        lights = _("%(n)d lights are on.", n=lit) if lit > 1 else lights
        doors = _("Everything is closed.")
        if opened:
            doors = _("Open: %(names)s.", names=", ".join(opened[:3]))
        return f"{lights} {doors}"

    async def sparks(self, tiles: list[Tile]) -> Sparks:
        """The last day of each sensor among the tiles, as points of a drawing 120 by 26."""
        wanted = [tile.entity_id for tile in tiles if tile.control == "spark"]
        if not wanted:
            return {}
        now = self._clock.time()
        series: dict[str, list[float]] = {}
        for row in await self._history.states(wanted, now - _DAY, now):
            try:
                series.setdefault(row.entity_id, []).append(float(row.state or ""))
            except ValueError:
                continue
        return {entity_id: points(found) for entity_id, found in series.items() if found}

    def _area(
        self, area_id: str, name: str, floor_id: str, states: list[State], sight: Sight
    ) -> AreaView:
        tiles = [self.tile(state, sight) for state in states if is_shown(state)]
        lit = [
            s.entity_id
            for s in states
            if s.domain == "light"
            and s.state == "on"
            and sight.may("light.turn_off", [s.entity_id])
        ]
        return AreaView(area_id, name, floor_id, area_words(states), tiles, lit)

    def _short_name(self, entity_id: str) -> str:
        """The name without its area in front: the heading above says that already."""
        name = self._registry.name_of(entity_id)
        area = self._registry.area_of(entity_id)
        if area and name.lower().startswith(area.name.lower() + " "):
            rest = name[len(area.name) + 1 :]
            return rest[:1].upper() + rest[1:]
        return name


def points(values: list[float]) -> list[tuple[str, str]]:
    """A curve through at least two and not many more than 24 of the values, the newest last."""
    step = max(1, len(values) // _SPARK_POINTS)
    kept = values[::-step][::-1] if len(values) > 1 else [*values, *values]
    low, high = min(kept), max(kept)
    # What does not change is a line through the middle.
    low, span = (low - 1.0, 2.0) if low == high else (low, high - low)
    width = 120 / max(1, len(kept) - 1)
    return [
        (f"{i * width:.0f}", f"{21 - (value - low) / span * 16:.1f}")
        for i, value in enumerate(kept)
    ]
