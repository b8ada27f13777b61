import QRCode from 'qrcode';

// M: a sixth of it may be dirt; at what an address has, SVG and PNG stay readable when printed small
const OPTIONS = { errorCorrectionLevel: 'M', margin: 4 } as const;
const PIXELS = 600;

/** A text as a QR code: a drawing, or an image of 600 pixels. */
export async function qrCode(text: string, format: 'SVG' | 'PNG'): Promise<{ contentType: string; bytes: Buffer }> {
  if (format === 'PNG')
    return { contentType: 'image/png', bytes: await QRCode.toBuffer(text, { ...OPTIONS, type: 'png', width: PIXELS }) };
  const svg = await QRCode.toString(text, { ...OPTIONS, type: 'svg' });
  return { contentType: 'image/svg+xml', bytes: Buffer.from(svg) };
}
