//! The sources of the stack, embedded when the program was built, so that the code pane shows exactly what runs.

include!(concat!(env!("OUT_DIR"), "/sources.rs"));

/// The text of a source file, by the path that `file!()` gives.
#[must_use]
pub fn source(file: &str) -> Option<&'static str> {
    let file = file.trim_start_matches("./");
    FILES.iter().find(|(name, _)| *name == file || file.ends_with(name)).map(|(_, text)| *text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_running_code_is_embedded() {
        assert!(source("stack/src/net/inet/arp.rs").is_some_and(|text| text.contains("fn arp_rcv")));
        assert_eq!(source("stack/src/net/inet/none.rs"), None);
    }
}
