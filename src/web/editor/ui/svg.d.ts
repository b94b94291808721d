// Drawings are imported as text.
declare module 'lucide-static/icons/*.svg' {
  const text: string
  export default text
}
