//! One thing, one term: every variant that `terms.toml` names is found where it stands as itself, and nothing else is.

use std::fs;
use std::path::Path;

use lessons::check::{check, check_own};
use lessons::glossary::Glossary;
use lessons::terms::{self, load, shipped, slips};
use lessons::{Files, content};
use stack::words::Lang;

/// What is found in a line, as variant and right term.
fn found(line: &str, lang: Lang) -> Vec<(&'static str, &'static str)> {
    slips(line, "", lang).into_iter().map(|slip| (slip.variant, slip.term.name.text(lang))).collect()
}

#[test]
fn every_variant_of_every_term_is_found_and_told_with_the_right_one() {
    let all = load(terms::file()).unwrap_or_else(|problems| panic!("{problems:?}"));
    assert_eq!(all, shipped());
    assert!(all.len() > 30, "{}", all.len());
    for term in &all {
        assert!(!term.not_en.is_empty() || !term.not_zh.is_empty(), "{}: nothing is wrong for it", term.name.en);
        for (lang, before, behind) in [(Lang::En, "Here the ", " goes on."), (Lang::Zh, "这里的", "，接着往下。")]
        {
            let right = format!("{before}{}{behind}", term.name.text(lang));
            assert_eq!(found(&right, lang), [], "the term itself is right");
            for variant in term.variants(lang) {
                let wrong = format!("{before}{variant}{behind}");
                let told = found(&wrong, lang);
                assert!(told.contains(&(variant, term.name.text(lang))), "{wrong}: {told:?}");
            }
        }
        for phrase in &term.but {
            let (lang, line) = (Lang::Zh, format!("这里{phrase}。"));
            assert!(slips(&line, "", lang).iter().all(|slip| slip.term != term), "{line} is no slip");
            assert!(term.not_zh.iter().any(|variant| phrase.contains(variant.as_str())), "{phrase} excuses nothing");
        }
    }
}

#[test]
fn a_variant_counts_as_itself_only() {
    assert_eq!(found("A TCP  packet", Lang::En), [], "two blanks are no phrase of one");
    assert_eq!(found("Two TCP Packets leave.", Lang::En), [("TCP packets", "segment")]);
    assert_eq!(found("a tcp packetizer", Lang::En), [], "whole words only");
    assert_eq!(found("the symbol `TCP packet` and `套接口`", Lang::En), [], "code is the kernel's");
    assert_eq!(found("符号 `句柄` 原样保留", Lang::Zh), []);
    assert_eq!(found("一个 TCP 包到达", Lang::Zh), [("TCP包", "报文段")]);
    assert_eq!(found("TCP 包含这些状态；报文段包括首部", Lang::Zh), []);
    assert_eq!(found("以太网包括这些；开头部分运行程序，再返回环回接口", Lang::Zh), []);
    assert_eq!(found("开头部分正常，报文头部不对", Lang::Zh), [("头部", "首部")], "one that is right excuses no other");
    // A term may be broken at the end of a line, and belongs to the line in which it begins.
    assert_eq!(slips("the first TCP", "packet", Lang::En).len(), 1);
    assert_eq!(slips("第一个套接", "口", Lang::Zh).len(), 1);
    assert_eq!(slips("the first", "TCP packet", Lang::En).len(), 0);
}

#[test]
fn a_file_of_terms_is_refused_with_its_line() {
    let term = |en: &str, not_en: &str| {
        format!(
            "[[term]]\nen = \"{en}\"\nzh = \"甲\"\nnot_en = [\"{not_en}\"]\nwhy = {{ en = \"so\", zh = \"如此\" }}\n"
        )
    };
    let refused = |text: &str| load(text).expect_err("it is refused").swap_remove(0).to_string();
    assert_eq!(load(&term("a", "b")).map(|terms| terms.len()), Ok(1));
    assert!(refused(&term("a", "a")).starts_with("terms.toml:1:1: a is a term and a variant of itself"));
    let twice = format!("{}{}", term("a", "b"), term("a", "c"));
    assert!(refused(&twice).starts_with("terms.toml:6:1: a stands in line 1 already"), "{}", refused(&twice));
    assert!(refused("[[term]]\nen = 3\n").starts_with("terms.toml:2:"), "{}", refused("[[term]]\nen = 3\n"));
    assert!(refused(&term("a", "b").replace("why", "because")).contains("unknown field `because`"));
}

/// The handshake with one text of a file replaced.
fn handshake(file: &str, from: &str, to: &str) -> Files {
    let mut files = content::named("handshake").expect("the lesson ships");
    let (_, text) = files.files.iter_mut().find(|(name, _)| name == file).expect("it is there");
    assert!(text.contains(from), "{from}");
    *text = text.replacen(from, to, 1);
    files
}

#[test]
fn the_linter_says_the_line_and_the_right_term() {
    let files = handshake("en.md", "sk#4 is a copy of sk#2 with", "The child socket copies");
    let line = files.text("en.md").unwrap().lines().position(|line| line.contains("child socket")).unwrap() + 1;
    let report = check(&files);
    let problem = report.problems.iter().find(|problem| problem.message.en.contains("child socket")).expect("found");
    assert_eq!((problem.file.as_str(), problem.line), ("en.md", line));
    assert!(problem.message.en.contains("write \"sock\"") && problem.message.zh.contains("请写“sock”"), "{problem}");
    // In a folder of one's own the Chinese may wait.
    let files = handshake("zh.md", "监听者并不是连接本身", "监听器并不是连接本身");
    let own = check_own(&files);
    assert!(own.passed() && own.warnings.iter().any(|warning| warning.message.zh.contains("请写“监听者”")), "{own:?}");
    assert!(!check(&files).passed());
    let title = check(&handshake("zh.md", "# 从两端看三次握手", "# 从两端看三路握手"));
    assert!(
        title.problems.iter().any(|problem| problem.place() == "zh.md:1" && problem.message.zh.contains("三次握手"))
    );
}

#[test]
fn the_glossary_and_the_skeleton_keep_the_terms() {
    let mut wrong = Vec::new();
    let mut look = |name: &str, number: usize, line: &str, lang: Lang| {
        let told = slips(line, "", lang).into_iter().map(|slip| slip.variant);
        wrong.extend(told.map(|variant| format!("{name}:{}: {variant}", number + 1)));
    };
    for (name, text) in Glossary::files() {
        for (number, line) in text.lines().enumerate() {
            for (key, lang) in
                [("en = ", Lang::En), ("now.en = ", Lang::En), ("zh = ", Lang::Zh), ("now.zh = ", Lang::Zh)]
            {
                if let Some(said) = line.strip_prefix(key) {
                    look(name, number, said, lang);
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(check(&content::skeleton("mine").expect("an id")).passed());
}

#[test]
fn the_guide_teaches_the_file() {
    let guide =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).expect("the guide is there");
    let (_, section) = guide.split_once("\n# Terms\n").expect("it has a section");
    let example = section.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).expect("with an example");
    let terms = load(example).unwrap_or_else(|problems| panic!("{problems:?}"));
    assert!(shipped().iter().any(|term| term.name == terms[0].name && term.not_zh == terms[0].not_zh), "{terms:?}");
}
