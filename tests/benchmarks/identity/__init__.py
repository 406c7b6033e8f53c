"""How many themes keep identity and name in a re-fit with the papers of one month more."""
