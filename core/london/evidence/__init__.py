"""How strong the evidence is: groups of boroughs, similar boroughs, what could have been found."""
