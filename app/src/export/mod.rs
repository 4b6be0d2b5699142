//! What leaves the program: recordings, pictures, text and films of the screen, sequence diagrams, scripts.
pub mod cast;
pub mod journal;
pub mod mermaid;
pub mod pcapng;
pub mod pkt;
pub mod record;
pub mod stage;
pub mod svg;
pub mod text;
