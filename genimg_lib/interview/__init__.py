"""The question bank: checked questions in English and Chinese, dealt as cards, as a mock interview, on paper or to Anki."""
