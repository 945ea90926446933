/** Who travels, and where to. Made up, and never two of the same order. */
export const firstNames = [
  "Amina",
  "Ben",
  "Chloé",
  "Daniel",
  "Elif",
  "Farid",
  "Giulia",
  "Hana",
  "Ivan",
  "Jonas",
  "Keiko",
  "Lucía",
  "Mateo",
  "Nadia",
  "Olivia",
  "Pierre",
  "Quentin",
  "Rosa",
  "Sven",
  "Tomás",
  "Uma",
  "Viktor",
  "Wei",
  "Yara",
  "Zoe",
];

export const lastNames = [
  "Andersson",
  "Bauer",
  "Costa",
  "Dubois",
  "Evans",
  "Ferrari",
  "García",
  "Haddad",
  "Ito",
  "Jensen",
  "Kowalski",
  "Lefèvre",
  "Müller",
  "Novak",
  "Okafor",
  "Petrov",
  "Rossi",
  "Schmidt",
  "Tanaka",
  "Ücker",
  "Vega",
  "Weber",
  "Yilmaz",
  "Zhang",
];

export interface Destination {
  readonly city: string;
  readonly airport: string;
  readonly timeZone: string;
  readonly nightCents: number;
}

export const destinations: readonly Destination[] = [
  { city: "Lisbon", airport: "LIS", timeZone: "Europe/Lisbon", nightCents: 11_900 },
  { city: "New York", airport: "JFK", timeZone: "America/New_York", nightCents: 28_500 },
  { city: "Tokyo", airport: "HND", timeZone: "Asia/Tokyo", nightCents: 19_800 },
  { city: "Rome", airport: "FCO", timeZone: "Europe/Rome", nightCents: 14_200 },
  { city: "Reykjavík", airport: "KEF", timeZone: "Atlantic/Reykjavik", nightCents: 21_000 },
  { city: "Marrakesh", airport: "RAK", timeZone: "Africa/Casablanca", nightCents: 8_700 },
  { city: "Sydney", airport: "SYD", timeZone: "Australia/Sydney", nightCents: 22_400 },
  { city: "Buenos Aires", airport: "EZE", timeZone: "America/Argentina/Buenos_Aires", nightCents: 9_600 },
];

export const origins = ["CDG", "ORY", "LYS", "NCE", "BRU", "GVA"];
