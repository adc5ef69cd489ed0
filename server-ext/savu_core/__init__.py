"""What Savu means, in one place: process lists, plugin facts, parameter values, run folders."""
