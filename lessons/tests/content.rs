//! The lessons that ship: each passes the linter, which plays it on the real stack.

use lessons::{check, content};

#[test]
fn every_lesson_passes_the_linter() {
    let all = content::all();
    assert_eq!(all.len(), 2, "a folder of content/ is missing in the table");
    for files in all {
        let report = check::check(&files);
        let problems: Vec<String> = report.problems.iter().map(ToString::to_string).collect();
        assert!(report.passed(), "{}:\n{}", report.folder, problems.join("\n"));
        assert_eq!(report.seeds, check::SEEDS.len());
        assert!(report.questions >= 2);
    }
}
