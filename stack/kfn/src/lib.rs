//! The attribute `#[kfn]`.
