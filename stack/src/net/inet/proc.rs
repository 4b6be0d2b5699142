//! The texts of /proc/net (net/inet/proc.c and friends), as pure functions of the kernel.
