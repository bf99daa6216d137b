//! The people of the demo: made up, all of them.

use samspil_proto::names::PatientName;

use super::Caller;

/// How the subjects of citizens begin.
const CITIZEN: &str = "demo-citizen-";

/// SOR code of the municipal nursing in Hedensted. Made up.
pub const MUNICIPALITY: &str = "990000000000766";
/// SOR code of the wound clinic at Regionshospitalet Horsens. Made up.
pub const HOSPITAL: &str = "990000000006008";
/// SOR code of a general practice in Hedensted. Made up.
pub const PRACTICE: &str = "990000000012345";
/// SOR code of the wound centre at Aarhus Universitetshospital, to which the clinic in Horsens may forward. Made up.
pub const OTHER_HOSPITAL: &str = "990000000006620";
/// SOR code of the municipal nursing in Odder, which has no part in the demo's patient. Made up.
pub const OTHER_MUNICIPALITY: &str = "990000000000727";

/// What an organisation of the demo is called; empty for any other.
pub fn organisation(sor: &str) -> &'static str {
    match sor {
        MUNICIPALITY => "Hedensted Kommune, Hjemmesygeplejen",
        HOSPITAL => "Regionshospitalet Horsens, Sårambulatoriet",
        PRACTICE => "Lægerne i Hedensted",
        OTHER_HOSPITAL => "Aarhus Universitetshospital, Sårcentret",
        OTHER_MUNICIPALITY => "Odder Kommune, Hjemmesygeplejen",
        _ => "",
    }
}

/// A citizen as herself. She is not among the fixed people: who she is, is only known once she is registered.
pub fn citizen(name: PatientName) -> Caller {
    Caller {
        person: format!("{CITIZEN}{}", name.patient),
        display_name: "Borger".to_owned(),
        role: "citizen".to_owned(),
        patient: Some(name.patient),
        ..Caller::default()
    }
}

/// The made-up person with a subject, as long as there is one.
pub fn person(subject: &str) -> Option<Caller> {
    if let Some(patient) = subject.strip_prefix(CITIZEN) {
        return patient.parse().ok().map(|patient| citizen(PatientName { patient }));
    }
    people().into_iter().map(|(_, person)| person).find(|person| person.person == subject)
}

/// Who can be tried out: the name of the token file, and the person.
pub fn people() -> Vec<(&'static str, Caller)> {
    [
        ("nurse", "demo-nurse", "Anna Nørgaard", MUNICIPALITY, "nurse"),
        ("specialist", "demo-specialist", "Søren Holm", HOSPITAL, "specialist"),
        ("specialist2", "demo-specialist-2", "Mette Lund", HOSPITAL, "specialist"),
        ("other_specialist", "demo-other-specialist", "Lise Bak", OTHER_HOSPITAL, "specialist"),
        ("coordinator", "demo-coordinator", "Ole Friis", MUNICIPALITY, "coordinator"),
        ("gp", "demo-gp", "Karen Dahl", PRACTICE, "gp"),
        ("outsider", "demo-outsider", "Jens Krog", OTHER_MUNICIPALITY, "nurse"),
        ("dpo", "demo-dpo", "Dorte Holst", MUNICIPALITY, "data_protection_officer"),
        ("administrator", "demo-administrator", "Administrator", "", "administrator"),
    ]
    .map(|(file, person, display_name, organisation, role)| {
        let caller = Caller {
            person: person.to_owned(),
            display_name: display_name.to_owned(),
            organisation: organisation.to_owned(),
            role: role.to_owned(),
            ..Caller::default()
        };
        (file, caller)
    })
    .into()
}
