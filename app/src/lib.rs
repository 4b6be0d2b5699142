//! The program sockscope as a library: everything but `main`.
