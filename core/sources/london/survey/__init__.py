"""The Public Attitude Survey: its workbooks to 2023, its dashboard after it."""
