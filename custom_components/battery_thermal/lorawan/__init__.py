"""Network servers behind one interface, and what radio time costs.

`network_server` is the interface, `factory` makes the server that a config entry
describes, each server has a package of its own. Fair use and traffic are counted here.
May import nothing else of this integration but names of options in `const`.
"""
