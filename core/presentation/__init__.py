"""How results are shown, whatever the study: numbers, sentences, charts, maps and the glossary."""
