"""All that can be built: the data sets that the registry's studies name, and what the app works out from them."""

from collections.abc import Mapping
from importlib import import_module

from core.build import forecasts
from core.registry.studies import STUDIES
from core.sources.dataset import Dataset, Section

# Next to tables updated by new editions: the files used, and how the tables differ from their declarations.
NOTE_FILE = "renewal.json"


class Results(Section):
    """Tables that the app calculates from the tables of the studies."""

    @property
    def command(self) -> str:
        """Command that writes its tables."""
        return "python -m core.build.backtest --out data"


def _declared(module: str) -> Dataset:
    dataset: Dataset = import_module(module).DATASET
    return dataset


_NAMED = [_declared(module) for study in STUDIES for module in study.datasets]
DATASETS: Mapping[str, Dataset] = {dataset.word: dataset for dataset in _NAMED}
FORECASTS = Results("forecasts", "Forecasts of trust, scored on the past", forecasts.TABLES, ())
SECTIONS: Mapping[str, Section] = {section.name: section for section in (*DATASETS.values(), FORECASTS)}
