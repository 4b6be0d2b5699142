//! One name for "live mode is in this program": `cfg(live)` holds where the feature `live` is on and the system has TAP devices
//! and network namespaces, which is Linux. Everything else of the program is portable.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rustc-check-cfg=cfg(live)");
    let set = |name: &str| std::env::var_os(name);
    if set("CARGO_FEATURE_LIVE").is_some() && set("CARGO_CFG_TARGET_OS").is_some_and(|system| system == "linux") {
        println!("cargo:rustc-cfg=live");
    }
}
