//! What leaves the program: recordings, pictures, text and films of the screen, sequence diagrams, scripts.
pub mod cast;
pub mod mermaid;
pub mod offscreen;
pub mod pkt;
