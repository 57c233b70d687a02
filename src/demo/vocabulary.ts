/**
 * What ordinary people type. Every unusual feature (an apostrophe, a percent sign, another script) is shared by several
 * people, as it is in real traffic: what only one source ever shows does not become self.
 */

// biome-ignore format: reads better in full lines
const plainNames = [
  'Alice Martin', 'Ben Carter', 'Carla Jensen', 'David Okafor', 'Emma Wilson', 'Farid Haddad', 'Grace Kim', 'Hugo Visser',
  'Ines Costa', 'Jack Turner', 'Kira Novak', 'Liam Walsh', 'Maya Patel', 'Noah Fischer', 'Olivia Brown', 'Pavel Horak',
]
const apostropheNames = [
  "Siobhan O'Brien",
  "Luca D'Angelo",
  "Sean O'Connor",
  "Awa N'Diaye",
  "Anne L'Huillier",
  "Rory O'Shea",
]
// biome-ignore format: reads better in full lines
const accentedNames = [
  'Jürgen Müller', 'Zoë Bjørnstad', 'François Lefèvre', 'Søren Ågård', 'José Núñez', 'Łukasz Wójcik', 'Ayşe Yıldız', 'Renée Brontë',
]
const hyphenNames = [
  'Mary-Jane Smith-Jones',
  'Jean-Luc Picard-Roy',
  'Ana-Maria Lopez-Vega',
  'Karl-Heinz Meyer-Lang',
  'Kim Ji-woo',
  'Lee Min-ho',
]
const hanNames = ['王小明', '李娜', '田中太郎', '佐藤花子', '김민준', '이서연']
const cyrillicNames = [
  'Иван Петров',
  'Анна Смирнова',
  'Олена Шевченко',
  'Димитър Колев',
  'Μαρία Παπαδοπούλου',
  'Νίκος Γεωργίου',
]

/** Forty-eight people. */
export const names: readonly string[] = [
  ...plainNames,
  ...apostropheNames,
  ...accentedNames,
  ...hyphenNames,
  ...hanNames,
  ...cyrillicNames,
]

// biome-ignore format: reads better in full lines
export const searchPhrases: readonly string[] = [
  'desk lamp', 'rock & roll', '50% off', '20% discount', 'AC/DC', 'C++ in 21 days', 'C# cookbook', "men's shoes", "rock'n'roll", 'café crème',
  'größe 42', '手机壳', 'чайник', 'новый год', 'union jack mug', 'select a gift', 'drop leaf table', 'what is new?', 'salt & pepper', 'tea (green)',
  '1/2 inch drill', 'usb-c cable 2.0 m', 'keybord', 'umbrela', 'size: XL', 'e-reader', 'garden hose, 15 m', 'クッキー', 'under 20 EUR', 'update your wardrobe',
]

// biome-ignore format: reads better in full lines
export const giftNotes: readonly string[] = [
  'Happy birthday, dear!', 'Alles Gute zum Geburtstag!', "It's for you & the kids :)", 'Joyeux anniversaire, à bientôt !', '生日快乐！',
  'С днём рождения!', 'See you on 12/24 - love, Mum', 'Thanks for everything; you are the best.', '¡Feliz cumpleaños!', 'お誕生日おめでとう！',
  'Best wishes from all of us (even the cat).', "Don't open before Sunday!", 'Nur das Beste: für dich & deine Familie.', 'Congratulations on 100% of your exams!',
  'To: Grandma / From: Tim', 'Enjoy the tea, and call me at +44 20 7946 0991?',
]

// biome-ignore format: reads better in full lines
export const streets: readonly string[] = [
  '12 High Street', '221B Baker Street', 'Hauptstraße 5', 'Rue de l\'Église 7', '1-2-3 Ginza', '北京路 18号', 'ул. Ленина, 10', 'Calle Mayor, 3 2º',
  'Flat 4/2, 18 King\'s Road', 'Apt. #12, 5th Avenue', 'Königsallee 60a', '99 Main St.', 'Via Roma 1', 'Plaza de España, s/n', 'C/ Sant Jordi, 8', 'PO Box 42',
]

// biome-ignore format: reads better in full lines
export const cities: readonly string[] = [
  'London', 'Köln', 'Paris', '東京', 'Москва', 'Madrid', 'Málaga', 'New York', '北京', 'Düsseldorf', "L'Aquila", 'St. Gallen',
]

export const countries: readonly string[] = ['GB', 'DE', 'FR', 'JP', 'RU', 'ES', 'US', 'CN', 'IT', 'CH']

// biome-ignore format: reads better in full lines
export const captions: readonly string[] = [
  'Invoice March', 'Receipt #4411', 'Rechnung (Kopie)', 'photo of the damage', 'Reçu n° 12', 'passport, page 2', '领收书', 'Scan 2026-03-01',
]

// biome-ignore format: reads better in full lines
export const fileNames: readonly string[] = [
  'invoice.pdf', 'receipt_4411.txt', 'Rechnung (1).pdf', 'photo-of-damage.jpg', 'reçu.pdf', 'IMG_2041.JPG', 'scan 2026-03-01.png', '領収書.pdf',
]

// biome-ignore format: reads better in full lines
export const languages: readonly string[] = [
  'en-GB,en;q=0.9', 'de-DE,de;q=0.9,en;q=0.7', 'fr-FR,fr;q=0.8,en-US;q=0.6', 'ja-JP,ja;q=0.9', 'ru-RU,ru;q=0.9,en;q=0.5', 'es-ES,es;q=0.9',
]

export const userAgents: readonly string[] = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.3 Safari/605.1.15',
  'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_3 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.3 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36',
  'ShopApp/4.2.1 (Android 15; de_DE)',
]
