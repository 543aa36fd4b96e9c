"""The words of the house: frozen values, standard library only, known to every floor."""
