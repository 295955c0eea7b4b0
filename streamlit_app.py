"""Policing Evidence Explorer: the entry file, which runs the page that was asked for."""

from core.app import navigation

navigation.run()
