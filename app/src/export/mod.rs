//! What leaves the program: recordings, pictures, text and films of the screen, sequence diagrams, scripts.
pub mod animated;
pub mod cast;
pub mod keys;
pub mod mermaid;
pub mod offscreen;
pub mod pcapng_replay;
pub mod pkt;
pub mod pkt_replay;
