import type { Random } from '../core/random.ts'

/** What people write into fields where they may write what they like. Our own words. */
const sentences: readonly string[] = [
  'The parcel came on Tuesday and everything was in it.',
  'Please call me back in the afternoon, I am at home from three.',
  'We stayed for four nights and the room was quiet.',
  'The second chair has a scratch on the left arm.',
  'Could you send the invoice to our new address as well?',
  'My daughter liked the blue one best, so we kept it.',
  'It takes about ten minutes to walk there from the station.',
  'I changed the order twice and the total is still right.',
  'The printer stops after the first page when it is cold.',
  'Thank you for the quick answer and have a good weekend.',
  'The meeting moved to room 12 because of the builders.',
  'We would like a table by the window if there is one.',
  'The colour on the screen is darker than the real thing.',
  'After the update the list loads faster than before.',
  'He asked for two copies of the contract and a receipt.',
  'The garden gate was open and the dog was gone again.',
  'Nobody was at the desk, so I left the key in the box.',
  'There is a bus at eight and another one half an hour later.',
  'I would buy it again, although the box was a little bent.',
  'Our class wants to visit the museum in the first week of May.',
]

/** Exactly so many characters of prose that ends in a blank. */
export function harmlessText(characters: number, random: Random): string {
  const chosen: string[] = []
  for (let length = 0; length < characters; ) {
    const sentence = `${sentences[Math.floor(random() * sentences.length)] ?? ''} `
    chosen.push(sentence)
    length += sentence.length
  }
  const text = chosen.join('')
  return characters === 0 ? '' : `${text.slice(0, characters - 1)} `
}
