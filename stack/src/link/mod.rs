//! What connects machines: the simulated Ethernet. (The live device and captures live in the program, above this floor.)

pub mod random;
pub mod wire;
