"""What the front page says besides the answers."""

INTRODUCTION = (
    "Two student studies gave firm answers from published figures. This app repeats each answer to the digit, asks the "
    "same question with methods that fit the figures, and shows what is left of it and how sure that is."
)


WHERE_TO_START = (
    "Each question has a page: its answer in a sentence, a picture, and how sure it is. The sidebar of a question page "
    "changes the model, and the answer changes with it. The address in your browser always holds the whole view, so a "
    "copied link shows others what you see."
)
